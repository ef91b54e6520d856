import { describe, expect, test } from "vitest";
import type { LossKind } from "../../src/losses/loss.ts";
import { lossKinds } from "../../src/losses/registry.ts";

const outputs = [-30, -2, -0.5, 0, 1e-3, 0.7, 1, 3, 30];
const targets = [-1, 1];

describe.each<[string, LossKind]>(lossKinds.map((loss) => [loss.kind, loss]))("%s", (_, loss) => {
  const cases = outputs.flatMap((f) => targets.map((y) => [f, y]));

  test("slope and curvature are derivatives of the value", () => {
    // Central differences: off by h^2 / 6 of a third derivative of at most 1, and by roundings over h.
    const h = 1e-4;
    for (const [f, y] of cases) {
      const [below, at, above] = [loss.at(f - h, y), loss.at(f, y), loss.at(f + h, y)];
      const error = h * h + (4 * Number.EPSILON * (1 + Math.abs(at.value) + Math.abs(at.slope))) / h;
      expect(Math.abs((above.value - below.value) / (2 * h) - at.slope)).toBeLessThanOrEqual(error);
      expect(Math.abs((above.slope - below.slope) / (2 * h) - at.curvature)).toBeLessThanOrEqual(error);
    }
  });

  test("no slope and no curvature is larger than it says", () => {
    for (const [f, y] of cases) {
      const { slope, curvature } = loss.at(f, y);
      const most = 2 * loss.largestSlope(Math.abs(f), Math.abs(y));
      expect(Math.abs(slope)).toBeLessThanOrEqual(most);
      expect(curvature).toBeLessThanOrEqual(loss.largestCurvature);
      expect(curvature).toBeGreaterThan(0);
    }
  });
});
