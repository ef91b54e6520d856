/** What files are to the user's own data. */

import type { FileData } from "../document/types.ts";

/** What each file needs beside it. */
export const companions = {
  train: [],
  test: ["train"],
  inputs: ["targets"],
  targets: ["inputs"],
  testInputs: ["testTargets", "inputs"],
  testTargets: ["testInputs", "targets"],
} as const;

export type Role = keyof typeof companions;
export const roles = Object.keys(companions) as Role[];

export const isTable = (path: string): boolean => /\.csv(\.gz)?$/i.test(path);

/** A CSV in `inputs` without `targets` has them in it, as one in `train` has. */
export function meant({ inputs, testInputs, ...rest }: FileData): FileData {
  if (inputs === undefined || rest.targets !== undefined || rest.train !== undefined || !isTable(inputs))
    return {
      ...rest,
      ...(inputs !== undefined && { inputs }),
      ...(testInputs !== undefined && { testInputs }),
    };
  return { ...rest, train: inputs, ...(testInputs !== undefined && { test: testInputs }) };
}
