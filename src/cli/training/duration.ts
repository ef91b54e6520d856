/** How long a training will take, told before it begins. */

import { hash } from "../../document/hash.ts";
import type { AdapterReport } from "../../gpu/adapter.ts";
import { behaviourOf } from "../../models/registry.ts";
import { batchSize, type Member } from "../../plan/cohort.ts";
import { needsOf } from "../../quantities/measures.ts";
import { loadRuns } from "../../scheduler/load.ts";
import type { Progress } from "../../scheduler/sink.ts";
import { placeOf } from "../runtimes/adapter-file.ts";
import type { Say } from "../runtimes/browser.ts";
import { type Durations, recallDurations, rememberDuration } from "./durations-file.ts";
import type { OpenedExperiment } from "../experiment/experiment-file.ts";
import { durationText } from "../process/number-text.ts";

/** A shorter training is over before anybody has read how long it takes. */
const worthTelling = 10;
/** Of a shorter one compiling is the most. */
const worthRemembering = 1;

/** Where nothing has been measured: what adapters do of these models, within several times. */
const operationsPerSecond = { software: 4e9, hardware: 2e11 };
const secondsPerUpdate = { software: 2e-3, hardware: 5e-5 };

type Moment = Pick<Progress, "seconds" | "runSteps">;

/** When a training first told how far it is, and how it ended. */
export interface Course {
  first: Moment;
  last: Moment;
}

/** A training as far as its duration depends on it. */
export class Duration {
  readonly #place: string;
  readonly #work: string;
  readonly #model: string;
  readonly #counted: Counted | undefined;
  readonly #stopsEarly: boolean;
  readonly #kind: "software" | "hardware";

  private constructor(
    opened: OpenedExperiment,
    members: readonly Member[],
    counted: Counted | undefined,
    adapter: AdapterReport,
    browser: string,
  ) {
    const { runs } = opened.experiment;
    this.#place = placeOf(adapter, browser);
    this.#kind = adapter.software ? "software" : "hardware";
    this.#model = runs[0].model.kind;
    this.#counted = counted;
    this.#stopsEarly = runs.some(({ train }) => train.stopLoss !== null);
    this.#work = this.#counted ? shapesOf(members) : `the same ${hash(opened.text).toString(16)}`;
  }

  static async of(opened: OpenedExperiment, adapter: AdapterReport, browser: string): Promise<Duration> {
    const { runs, search } = opened.experiment;
    const members = search ? [] : await loadRuns(runs, opened.files);
    return new Duration(opened, members, search ? undefined : await countedOf(members), adapter, browser);
  }

  /**
   * A line, where the training takes long enough.
   *
   * @param share of the training that is left
   */
  line(share: number, say: Say): string | undefined {
    const known = recallDurations(this.#place, say);
    const found = this.#counted ? this.#ofCounted(known, this.#counted) : this.#ofSame(known);
    if (!found || share * found.seconds <= worthTelling) return undefined;
    const most = this.#counted && this.#stopsEarly ? "at most " : "";
    return `${most}about ${durationText(Number((share * found.seconds).toPrecision(2)))}, ${found.because}`;
  }

  /**
   * Of a training whose steps can be counted its pace, without what went into compiling before the first of them came back;
   * of another one its whole time.
   */
  remember({ first, last }: Course, say: Say): void {
    const counted = this.#counted;
    const from = counted ? first : { seconds: 0, runSteps: 0 };
    const [seconds, runSteps] = [last.seconds - from.seconds, last.runSteps - from.runSteps];
    if (seconds < worthRemembering || (counted && !(runSteps > 0))) return;
    const taken = counted
      ? { runSteps, guessed: this.#guess(counted) * (runSteps / counted.runSteps) }
      : { runSteps: null, guessed: null };
    rememberDuration(this.#place, this.#work, { seconds, model: this.#model, ...taken }, say);
  }

  #ofCounted(known: Durations, counted: Counted): Found {
    const same = known[this.#work];
    if (same?.runSteps)
      return {
        seconds: (same.seconds / same.runSteps) * counted.runSteps,
        because: "as fast as this adapter trained the same shapes before",
      };
    const guessed = this.#guess(counted);
    // How far from the guess others were.
    const ratios = Object.values(known)
      .filter(({ model }) => model === this.#model)
      .flatMap(({ seconds, guessed }) => (guessed === null ? [] : seconds / guessed))
      .sort((one, other) => one - other);
    if (ratios.length > 0)
      return {
        seconds: guessed * ratios[Math.floor(ratios.length / 2)],
        because: "by other sweeps of this kind of model on this adapter: it may be a few times off",
      };
    return {
      seconds: guessed,
      because:
        "by counting operations: it may be ten times off, for nothing was measured on this adapter yet",
    };
  }

  /** Seconds, by counting operations. */
  #guess({ operations, updates }: Counted): number {
    return operations / operationsPerSecond[this.#kind] + updates * secondsPerUpdate[this.#kind];
  }

  #ofSame(known: Durations): Found | undefined {
    const same = known[this.#work];
    return same && { seconds: same.seconds, because: "as long as the same took on this adapter before" };
  }
}

interface Found {
  seconds: number;
  because: string;
}

interface Counted {
  runSteps: number;
  operations: number;
  /** One after the other. */
  updates: number;
}

/** Undefined where a run chooses itself how many steps it takes. */
async function countedOf(members: readonly Member[]): Promise<Counted | undefined> {
  let [runSteps, operations, updates] = [0, 0, 0];
  for (const member of members) {
    const { run, dataset } = member;
    if (run.train.method !== "gradient-descent") return undefined;
    const { epochs } = run.train;
    const own = epochs * Math.ceil(dataset.samples / batchSize(run, dataset.samples));
    runSteps += own;
    const behaviour = await behaviourOf(run.model);
    operations +=
      epochs *
      (behaviour.operations?.(member, needsOf(run.record)) ?? behaviour.reference.operations(member));
    updates = Math.max(updates, own);
  }
  return { runSteps, operations, updates };
}

/** What trainings share that take as long a step: all but seeds, scales and step sizes. */
function shapesOf(members: readonly Member[]): string {
  const [{ run, dataset }] = members;
  const { model, loss, record, train, data } = run;
  const { batchSize } = train as { batchSize?: number | "full" };
  const { samples, inputs, outputs } = dataset;
  const shapes = { model, loss: loss.kind, data: data.kind, samples, inputs, outputs, batchSize, record };
  return `${2 ** Math.round(Math.log2(members.length))} runs ${hash(JSON.stringify(shapes)).toString(16)}`;
}
