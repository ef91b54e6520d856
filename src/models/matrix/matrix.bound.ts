import type { Member } from "../../plan/cohort.ts";
import type { Expectation } from "../model.ts";
import { matrixStart } from "./start.ts";

export function expectMatrix(_member: Member, _steps: readonly number[] = []): Expectation[] {
  return [];
}

/** Multiplications and additions that an epoch of the above takes, about. */
export function operationsOfMatrix(member: Member): number {
  const { shapes } = matrixStart(member);
  return 30 * shapes.parameters * shapes.columns;
}
