/** The runs of a sweep: the product of its axes, the last one fastest. */

import { checker } from "./checks.ts";
import { advance } from "./product.ts";
import type { Section } from "./schema.ts";
import type { SectionReader } from "./section-reader.ts";
import { sayingSwept } from "./swept-values.ts";
import type { Json, Run, SweepAxis } from "../document/types.ts";

export type SectionReaders = { readonly [Name in Section]: SectionReader<Name> };

/** @throws DocumentError where a run's parts do not fit together, or the runs */
export function expandRuns(readers: SectionReaders, axes: readonly SweepAxis[]): Run[] {
  const { data, model, loss, init, train, record } = readers;
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  const check = checker(count);
  const allAxes = axes.map((_, axis) => axis);
  const steps = axes.map(() => 0);
  const runs: Run[] = [];
  for (let index = 0; index < count; index++) {
    const swept = sweptValues(axes, steps);
    const run: Run = {
      index,
      swept,
      data: data.at(steps),
      model: model.at(steps),
      loss: loss.at(steps),
      init: init.at(steps),
      train: train.at(steps),
      record: record.at(steps),
    };
    sayingSwept(
      () => swept,
      () => check(run),
    );
    runs.push(Object.freeze(run));
    advance(steps, axes, allAxes);
  }
  return runs;
}

function sweptValues(axes: readonly SweepAxis[], steps: readonly number[]): Record<string, Json> {
  const swept: Record<string, Json> = {};
  axes.forEach(({ paths, values }, axis) => {
    const row = values[steps[axis]];
    paths.forEach((path, place) => {
      swept[path] = row[place];
    });
  });
  return Object.freeze(swept);
}
