import type { ModelSpecification } from "../document/types.ts";
import { diagonal } from "./diagonal.ts";
import { linear } from "./linear.ts";
import { matrix } from "./matrix/matrix.ts";
import type { ModelBehaviour, ModelKind } from "./model.ts";
import { relu } from "./relu.ts";

/** Every model kind. A new model is one file and one line here. */
export const modelKinds = [diagonal, relu, linear, matrix] as const;

export function modelOf({ kind }: ModelSpecification): ModelKind {
  const found = modelKinds.find((model) => model.kind === kind);
  if (!found) throw new Error(`no model kind ${kind}`);
  return found;
}

/** How a document's model is trained. */
export const behaviourOf = (model: ModelSpecification): Promise<ModelBehaviour> => modelOf(model).behaviour();
