import type { Sides } from "../../data/dataset.ts";
import { DocumentError } from "../../document/error.ts";
import type { MatrixModel } from "../../document/types.ts";
import { type Member, batchSize } from "../../plan/cohort.ts";
import type { ModelBehaviour } from "../model.ts";
import { type StartLayer, checkZeroLayers, zeroLayerWarning } from "../zero-layers.ts";
import { bytesOfMatrix, compileMatrix } from "./compile.ts";
import { largestMatrixEigenvalue } from "./eigenvalue.ts";
import { drawn } from "./initial.ts";
import { operationsOfMatrix } from "./operations.ts";
import { checkMatrixRange } from "./range.ts";
import { factorsOf, isReduced, mostWidth, widthsOf } from "./shape.ts";
import { matrixStart, startPredictor } from "./start.ts";
import { gramOf, reduced } from "./width.ts";

/** Weights of a copy: 2 GB in float64, with what is computed of them. */
const MOST_WEIGHTS = 2 ** 26;

/** How factorized matrices start and are trained. */
export const matrixBehaviour: ModelBehaviour = {
  initial(run, sides, files) {
    const model = run.model as MatrixModel;
    checkSides(model, sides);
    const shapes = factorsOf(model, sides, "written");
    if (!isReduced(model, sides.matrix!)) return drawn(run, shapes, files);
    for (const [list, name] of [
      ["arrays", "weights"],
      ["quantities", "weight_l1"],
    ] as const) {
      const place = (run.record[list] as string[]).indexOf(name);
      if (place >= 0)
        throw new DocumentError(
          `record.${list}[${place}]`,
          `is "${name}"; two factors of width ${widthsOf(model, sides.matrix!)[0]} are trained as ones of width ` +
            `${mostWidth(model, sides.matrix!)}, whose weights are others: leave it out`,
        );
    }
    return reduced(model, shapes, gramOf(run, shapes, files));
  },

  variant: ({ run: { init } }) => (init.subtract ? "less its start" : ""),

  startPredictor,

  check(member) {
    checkZeroLayers(member, startFactors(member));
    checkMatrixRange(member);
  },

  startWarning: (member) => zeroLayerWarning(member, startFactors(member)),

  channels: (needs) => (needs.has("linearized") ? 2 : 1),

  bytes: bytesOfMatrix,

  operations: operationsOfMatrix,

  largestEigenvalue: largestMatrixEigenvalue,

  compile: compileMatrix,
  reference: {
    compared: "predictor",
    operations(member) {
      const { dataset, run } = member;
      const { shapes } = matrixStart(member);
      const batches = Math.ceil(dataset.samples / batchSize(run, dataset.samples));
      const copies = (run.model as MatrixModel).unbiased ? 2 : 1;
      const measured = dataset.matrix!.cells ? dataset.samples : dataset.samples * dataset.inputs;
      return batches * (150 * copies * shapes.parameters * shapes.columns + 10 * measured);
    },
    train: async (...training) => (await import("./matrix.bound.ts")).expectMatrix(...training),
  },
};

/** Factors as they are trained. */
const startFactors = ({ run, dataset, w0 }: Member): StartLayer[] =>
  factorsOf(run.model as MatrixModel, dataset).factors.map(({ rows, columns, offset }, l) => ({
    name: `W_${l + 1}`,
    weights: w0.subarray(offset, offset + rows * columns),
    escapes: true,
  }));

/** @throws DocumentError where a symmetric model meets a matrix that is not square, or factors have more weights than fit anywhere */
function checkSides(model: MatrixModel, sides: Sides): void {
  const { symmetric, factors } = model;
  const { rows, columns } = sides.matrix!;
  const { parameters } = factorsOf(model, sides);
  if (parameters > MOST_WEIGHTS)
    throw new DocumentError(
      "model.factors",
      `is ${factors}; of a ${rows} x ${columns} matrix that makes ${parameters} weights, and at most 2^26 are allowed`,
    );
  if (symmetric && rows !== columns)
    throw new DocumentError(
      "model.symmetric",
      `is true; U U^T is a square matrix, and the data's is ${rows} x ${columns}`,
    );
}
