import { degreeOf } from "../models/degree.ts";
import { lossOf } from "../losses/registry.ts";
import { behaviourOf } from "../models/registry.ts";
import { stabilityLimit } from "../models/stability-limit.ts";
import { type Member, batchSize } from "../plan/cohort.ts";

/** Lines printed before the rest is summed up. */
const SHOWN = 5;

/**
 * Warns of step sizes past the stability limit of the kernel regime: with mean loss the linearized model diverges once
 * step size > N / lambda_max(K0); of what float32 leaves little of; and of layers that start at zero. Lines are one a run, the first few in full.
 */
export async function stabilityWarnings(members: readonly Member[]): Promise<string[]> {
  // Of runs that differ in alpha alone K0 is the same but for its scale: it is looked at once.
  const known = new Map<string, { alpha: number; eigenvalue: number }>();
  const [unstable, rounded] = [
    new Lines("step sizes past their stability limits"),
    new Lines("quantities that are lost to rounding"),
  ];
  const starts = new Set<string>();
  for (const [index, member] of members.entries()) {
    const { run, dataset } = member;
    const { samples } = dataset;
    const { data, model, init, train, loss } = run;
    const behaviour = await behaviourOf(model);
    const key = JSON.stringify([data, model, { ...init, alpha: 1 }, train.layers]);
    let one = known.get(key);
    if (!one) {
      const start = behaviour.startWarning?.(member);
      if (start !== undefined) starts.add(start);
      known.set(key, (one = { alpha: init.alpha, eigenvalue: behaviour.largestEigenvalue(member, dataset) }));
    }
    const power = init.scaling === "output" ? 2 : 2 * degreeOf(model) - 2;
    const eigenvalue = one.eigenvalue * (init.alpha / one.alpha) ** power;
    const which = Object.keys(run.swept).length
      ? Object.entries(run.swept)
          .map(([path, value]) => `${path.split(".").at(-1)} = ${shownValue(value)}`)
          .join(", ")
      : `run ${index}`;
    const lost = behaviour.warning?.(member, eigenvalue);
    if (lost !== undefined) rounded.add(`${which}: ${lost}`);
    const limit = stabilityLimit(member, eigenvalue);
    if (train.method !== "gradient-descent" || !(train.stepSize > limit)) continue;
    const count = loss.reduction === "mean" ? "N" : "1";
    const times = 2 / lossOf(loss).largestCurvature;
    const formula = `${times === 1 ? "" : `${times} `}${count} / lambda_max(K0)`;
    const minibatch = batchSize(run, samples) < samples ? " (of full batches)" : "";
    unstable.add(
      `${which}: step size ${train.stepSize} is ${(train.stepSize / limit).toPrecision(3)} times the stability limit ` +
        `${formula} = ${limit.toPrecision(3)}${minibatch}; ${outcome(train.stepSize / limit, degreeOf(model))} (` +
        `use at most ${roundedDown(0.9 * limit)}, or "gradient-flow")`,
    );
  }
  return [...starts, ...unstable.lines, ...rounded.lines];
}

/** Past this many times the limit hardly a run ends anywhere. */
const HOPELESS = 2;

/**
 * What becomes of a run past the limit. Models that are not linear in their weights need not diverge with their linearization:
 * the loss bursts until the kernel is small enough, then converges, to other weights (Lewkowycz et al. 2020).
 */
function outcome(times: number, degree: number): string {
  if (degree === 1) return "this run will diverge";
  return times <= HOPELESS
    ? "this run leaves the kernel regime: its linearization diverges, and it may end elsewhere after its loss has burst, or diverge too"
    : "its linearization diverges, and so, most likely, does the run";
}

/** The first few lines, and how many more there are. */
class Lines {
  readonly #lines: string[] = [];
  #more = 0;

  constructor(readonly what: string) {}

  add(line: string): void {
    if (this.#lines.length < SHOWN) this.#lines.push(line);
    else this.#more += 1;
  }

  get lines(): string[] {
    return this.#more > 0 ? [...this.#lines, `${this.#more} more runs have ${this.what}`] : this.#lines;
  }
}

const shownValue = (value: unknown): string =>
  typeof value === "number" ? String(Number(value.toPrecision(4))) : JSON.stringify(value);

/** A positive number to two digits, none of them rounded up. */
export function roundedDown(value: number): string {
  const digit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return String(Number((Math.floor(value / digit) * digit).toPrecision(2)));
}
