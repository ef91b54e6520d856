/** What the explanations draw: exact functions, compared with flows that are integrated step by step, and with theory's own limits. */

import { expect, test } from "vitest";
import { initialSettings } from "../../viewer/figures/figure.ts";
import { light } from "../../viewer/figures/theme.ts";
import { ball } from "../../viewer/theory/ball.ts";
import { wayOf } from "../../viewer/theory/early-stopping.ts";
import { kernelTurn } from "../../viewer/theory/fourth-power.ts";
import { tangentOnTheWay } from "../../viewer/theory/linearization.ts";
import { bothScales } from "../../viewer/theory/output-scale.ts";
import { explanations } from "../../viewer/theory/registry.ts";
import { parseHTML } from "linkedom";
import { geometry } from "./drawing.ts";

/** A classical Runge-Kutta step of w' = g(w). */
function step(w: number[], h: number, g: (w: number[]) => number[]): number[] {
  const add = (a: number[], b: number[], s: number) => a.map((value, k) => value + s * b[k]);
  const k1 = g(w);
  const k2 = g(add(w, k1, h / 2));
  const k3 = g(add(w, k2, h / 2));
  const k4 = g(add(w, k3, h));
  return w.map((value, k) => value + (h / 6) * (k1[k] + 2 * k2[k] + 2 * k3[k] + k4[k]));
}

test.each([0.1, 1, 4])("the tangent at alpha = %d is that of a flow followed step by step", (alpha) => {
  const gradient = ([plus, minus]: number[]) => {
    const residual = 1 - (plus * plus - minus * minus);
    return [plus * residual, -minus * residual];
  };
  let w = [alpha, alpha];
  for (let k = 0; k < 40000; k++) w = step(w, 2e-3 / (1 + alpha * alpha), gradient);
  const [plus, minus] = w;
  const end = tangentOnTheWay(alpha).at(-1)!;
  expect(plus * plus - minus * minus).toBeCloseTo(1, 9);
  expect(end.tangent).toBeCloseTo(2 * alpha * (plus - minus), 8);
  expect(end.x).toBeCloseTo(Math.hypot(plus - alpha, minus - alpha) / (alpha * Math.SQRT2), 8);
});

test.each([0, 0.5, 1])("the kernel turns at w-/w+ = %d as on a flow followed step by step", (ratio) => {
  const alpha = 0.8;
  const kernel = [1, 0.3].map((y) => {
    const start = alpha ** 2 * (1 - ratio ** 2);
    let w = [alpha, ratio * alpha];
    for (let k = 0; k < 40000; k++)
      w = step(w, 1e-3, ([plus, minus]) => {
        const residual = y + start - (plus * plus - minus * minus);
        return [plus * residual, -minus * residual];
      });
    return 4 * (w[0] ** 2 + w[1] ** 2);
  });
  const first = 4 * alpha ** 2 * (1 + ratio ** 2);
  const drift = Math.hypot(...kernel.map((value) => value - first)) / (first * Math.SQRT2);
  const cosine = (kernel[0] + kernel[1]) / (Math.SQRT2 * Math.hypot(...kernel));
  expect(kernelTurn(alpha, ratio).drift).toBeCloseTo(drift, 8);
  expect(kernelTurn(alpha, ratio).misalignment).toBeCloseTo(1 - cosine, 8);
});

test("one minus the cosine goes as alpha to the minus four, and with equal copies as the minus eight", () => {
  const slope = (of: "drift" | "misalignment", ratio: number) =>
    Math.log10(kernelTurn(1000, ratio)[of] / kernelTurn(100, ratio)[of]);
  for (const ratio of [0, 0.5, 0.9]) {
    expect(slope("drift", ratio)).toBeCloseTo(-2, 2);
    expect(slope("misalignment", ratio)).toBeCloseTo(-4, 2);
  }
  expect(slope("drift", 1)).toBeCloseTo(-4, 6);
  expect(slope("misalignment", 1)).toBeCloseTo(-8, 6);
});

test("the ball of Q is round at a large alpha, and has corners at a small one", () => {
  const radii = (alpha: number) => ball(alpha, 2).edge.map(({ x, y }) => Math.hypot(x, y));
  const round = radii(100);
  for (const radius of round) expect(radius).toBeCloseTo(round[0], 6);
  expect(ball(100, 2).minimizer[0]).toBeCloseTo(1 / 1.36, 6);
  expect(ball(1e-8, 2).minimizer[0]).toBeGreaterThan(0.999);
  // Where the l1 ball is cut by the diagonal, it is nearer by the root of two.
  const [corner, diagonal] = [0, 22].map((k) => ball(1e-30, 2).edge[k]);
  expect(Math.hypot(diagonal.x, diagonal.y)).toBeLessThan(0.8 * Math.hypot(corner.x, corner.y));
});

test("from a small alpha the flow passes the truth far nearer than it ends", () => {
  const { points, limit } = wayOf(1e-3);
  expect(Math.min(...points.map(({ y }) => y))).toBeLessThan(limit / 10);
  expect(points.at(-1)!.y).toBeCloseTo(limit, 3);
});

test.each([0.5, 2])("weights and output scaled by alpha = %d go one path, as step by step", (alpha) => {
  const degree = 3;
  const { output, pace } = bothScales(alpha);
  const out = alpha ** degree;
  // alpha_out^-2 L(alpha_out h(w)) from w = 1, L the squared loss.
  let w = [1, 1];
  const until = output.find(({ y }) => y > 0.6)!;
  const steps = 4000;
  for (let k = 0; k < steps; k++)
    w = step(w, until.x / steps, ([plus, minus]) => {
      const residual = out * (plus ** degree - minus ** degree) - 1;
      const slope = (2 * residual * degree) / out;
      return [-slope * plus ** (degree - 1), slope * minus ** (degree - 1)];
    });
  expect(out * (w[0] ** degree - w[1] ** degree)).toBeCloseTo(until.y, 4);
  expect(pace).toBeCloseTo(out ** (2 / degree - 2), 12);
});

test("every explanation draws at each end of its sliders, names its sources, and has numbers behind it", () => {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  for (const { figure, equation, sources } of explanations) {
    expect(equation).not.toBe("");
    expect(sources.length).toBeGreaterThan(0);
    const controls = figure.controls();
    for (const end of [0, 1]) {
      const settings = Object.fromEntries(
        Object.entries(controls).map(([name, control]) => [
          name,
          control.kind === "slider" ? end * (control.positions - 1) : control.initial,
        ]),
      );
      for (const width of [340, 560]) {
        const drawing = figure.draw(undefined, { document, width, theme: light }, settings);
        expect(geometry(drawing).join(" "), figure.id).not.toContain("NaN");
      }
    }
    const { rows, columns } = figure.data(undefined, initialSettings(controls));
    expect(rows).toBeGreaterThan(10);
    for (const column of Object.values(columns)) expect(column).toHaveLength(rows);
  }
});
