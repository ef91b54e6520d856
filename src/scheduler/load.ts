import { type Dataset, sidesKey } from "../data/dataset.ts";
import { inflateFiles } from "../data/gzip.ts";
import type { Files } from "../data/kind.ts";
import { makeDataset } from "../data/make-dataset.ts";
import { broughtFiles, generatorsOf } from "../data/registry.ts";
import type { Run } from "../document/types.ts";
import { lossOf } from "../losses/registry.ts";
import { behaviourOf } from "../models/registry.ts";
import { checkOutputs } from "../quantities/several-outputs.ts";
import type { Member } from "../plan/cohort.ts";

/** Bytes of runs' data and initial weights that are kept for whoever asks for them next: checks, estimates, training, guard. */
const MOST_KEPT = 2 ** 29;

const kept = new WeakMap<readonly Run[], { given: Files; members: readonly Member[] }>();

/** Each run with its data and initial weights; what runs share is made once. Files are as they come, gzipped or not. */
export async function loadRuns(runs: readonly Run[], given: Files): Promise<readonly Member[]> {
  const known = kept.get(runs);
  if (known?.given === given) return known.members;
  const members = await load(runs, given);
  const parts = new Set(
    members.flatMap(({ dataset: { X, y, testX, testY }, w0 }) => [X, y, testX, testY, w0]),
  );
  if ([...parts].reduce((sum, { byteLength }) => sum + byteLength, 0) <= MOST_KEPT)
    kept.set(runs, { given, members });
  return members;
}

async function load(runs: readonly Run[], given: Files): Promise<Member[]> {
  const specifications = runs.map(({ data }) => data);
  const [brought, generators] = await Promise.all([
    broughtFiles(specifications),
    generatorsOf(specifications),
  ]);
  const files = new Map([...(await inflateFiles(given)), ...brought]);
  const datasets = new Map<string, Dataset>();
  const starts = new Map<string, Float64Array>();
  const members: Member[] = [];
  for (const run of runs) {
    const behaviour = await behaviourOf(run.model);
    const { encode } = lossOf(run.loss);
    const dataset = remembered(datasets, JSON.stringify([run.data, encode && run.loss.kind]), () => {
      const read = makeDataset(generators.get(run.data.kind)!, run.data, files);
      return encode ? encode(read) : read;
    });
    const { shape, layerScales, seed } = run.init;
    const key = JSON.stringify([run.model, shape, layerScales, seed, sidesKey(dataset)]);
    const w0 = remembered(starts, key, () => behaviour.initial(run, dataset, files));
    const member = { run, dataset, w0 };
    checkOutputs(run, dataset);
    behaviour.check(member);
    members.push(member);
  }
  return members;
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make()));
  return value;
}
