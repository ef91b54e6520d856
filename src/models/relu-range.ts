import { lossOf } from "../losses/registry.ts";
import { type Member, batchSize, stepSize, scalesOf } from "../plan/cohort.ts";
import { u } from "./roundoff.ts";
import { beyondFloat32, checkHeld, isHeld, kernelsOf } from "./range.ts";
import { reluNumbers, reluStart, sizesOf } from "./relu-start.ts";

/** Of orders of magnitude: room is left for what data, sums and training add, below for the digits of what is smaller. */
const FEWEST = 1e-30;
const MOST = 1e34;

/** Quantities that the linearized model makes, whose outputs are K0 times something. */
const LINEARIZED = ["linear_loss", "linear_distance", "function_distance"];

/**
 * Checks that the GPU can hold a ReLU network's numbers in float32, by orders of magnitude at w(0) in the run's units
 * (relu-start.ts): gradients are as large as the root of the kernel.
 *
 * @throws DocumentError naming the number that float32 cannot hold, and what to do
 */
export function checkReluRange(member: Member): void {
  const { run, dataset } = member;
  const start = reluStart(member);
  const { D, A, unit } = start;
  const { rate, output_scale, decay, kernel_unit } = reluNumbers(member, start);
  checkHeld(run, D, {
    "the step size in units of the weights": rate,
    "the output's scale": output_scale,
    "what the penalty takes off each weight": decay,
  });
  // Weights over the unit.
  const size = scalesOf(run).weights / unit;
  const sizes = sizesOf(member);
  const kernel = size ** (2 * D - 2) * sizes.kernel;
  const output = size ** D * sizes.output;
  const refuse = (problem: string, mend = "use an alpha closer to 1, or fewer layers") =>
    beyondFloat32(run, D, problem, mend);
  const outside = (value: number, least = FEWEST, most = MOST) =>
    value !== 0 && !(value >= least && value <= most);
  const about = (value: number) => `about ${value.toExponential(0)}`;

  const f = output_scale * output;
  if (outside(f, 0)) throw refuse(`outputs are ${about(f)}`);
  if (outside(output)) throw refuse(`outputs over their scale are ${about(output)}`);
  const label = dataset.y.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const slope = lossOf(run.loss).largestSlope(f, label);
  const gradient = slope * Math.sqrt(kernel);
  if (outside(gradient)) throw refuse(`gradients are ${about(gradient)} in units of the weights`);
  const step = rate * gradient;
  if (outside(step, FEWEST, Infinity)) throw refuse(`steps are ${about(step)} in units of the weights`);
  const loss = dataset.samples * (slope / 2) ** 2;
  if (run.train.method === "gradient-flow" && outside(loss, 0))
    throw refuse(
      `the loss is ${about(loss)}`,
      'use an alpha closer to 1, or "gradient-descent", which does not compare losses',
    );

  const { quantities, arrays } = kernelsOf(run);
  const twin = run.record.quantities.filter((name) => LINEARIZED.includes(name));
  const asked = [...quantities, ...twin, ...arrays];
  if (asked.length > 0 && outside(kernel))
    throw refuse(
      `the tangent kernel's entries are ${about(kernel)} in units of the weights`,
      `leave out ${asked.join(", ")}`,
    );
  const entries = (A * unit ** (D - 1)) ** 2 * kernel;
  if (arrays.length > 0 && (outside(entries, 1e-36, MOST) || !isHeld(kernel_unit)))
    throw refuse(`the tangent kernel's entries are ${about(entries)}`, `leave out ${arrays.join(", ")}`);
  if (twin.includes("function_distance") && outside(f))
    throw refuse(`outputs are ${about(f)}`, "leave out function_distance");
}

/** Errors of at least this are told. */
const TOLD = 1e-3;

/**
 * Distances to the linearized network are differences of numbers that float32 has rounded. In the kernel regime weights
 * move by about rho = |r| min(1 / sqrt(lambda), what all steps make of the first gradient) / |w(0)| of their size, where
 * r = y - f(w(0)); the twin's weights differ from the network's by rho of that, and outputs too, or by rho^2 where two
 * copies take even powers off each other.
 *
 * @param eigenvalue lambda, the largest of the tangent kernel at w(0), 0 where it is not known
 */
export function linearizationWarning(member: Member, eigenvalue: number): string | undefined {
  const { run, dataset, w0 } = member;
  const { model, init, loss, train } = run;
  if (model.kind === "diagonal" || !(eigenvalue > 0)) return undefined;
  const { A, D } = reluStart(member);
  const scale = scalesOf(run).weights;
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value * value, 0);
  const { samples, y } = dataset;
  const first = model.unbiased || init.subtract ? 0 : A * scale ** D * sizesOf(member).output;
  const residual = Math.sqrt(sum(y) + samples * first ** 2);
  const rate = (2 * stepSize(run)) / (A * A * (loss.reduction === "mean" ? samples : 1));
  const steps =
    train.method === "gradient-flow" ? Infinity : train.epochs * Math.ceil(samples / batchSize(run, samples));
  const moved = residual * Math.min(1 / Math.sqrt(eigenvalue), steps * rate * Math.sqrt(eigenvalue));
  const rho = moved / (scale * Math.sqrt((model.unbiased ? 2 : 1) * sum(w0)));
  const errors = {
    linear_distance: (4 * u) / rho,
    function_distance: (4 * u) / rho ** (model.unbiased ? 2 : 1),
  };
  const told = Object.entries(errors).filter(
    ([name, error]) => run.record.quantities.includes(name) && error > TOLD,
  );
  if (told.length === 0) return undefined;
  const lost = told.filter(([, error]) => error >= 0.5).map(([name]) => name);
  const parts = told
    .filter(([, error]) => error < 0.5)
    .map(([name, error]) => `${name} is right to ${Number((100 * error).toPrecision(1))} % only`);
  if (lost.length > 0)
    parts.push(`${lost.join(" and ")} ${lost.length > 1 ? "are" : "is"} nothing but rounding`);
  return `weights move by some ${rho.toExponential(0)} of their size, so that in float32 ${parts.join(", and ")}`;
}
