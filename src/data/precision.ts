/**
 * What keeps a number out of training, which runs in float32; undefined when nothing does. Numbers too small for
 * float32 become 0 there and are allowed.
 *
 * @returns the end of a message that begins with the value: `is 1e300; ...`
 */
export function precisionProblem(value: number): string | undefined {
  if (!Number.isFinite(value)) return "every value is a finite number";
  if (!Number.isFinite(Math.fround(value))) {
    return "training runs in float32, where it becomes Infinity: at most 3.4028235e38 in size";
  }
  return undefined;
}
