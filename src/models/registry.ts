import { diagonal } from "./diagonal.ts";

/** Every model kind. A new model is one file and one line here. */
export const modelKinds = [diagonal] as const;
