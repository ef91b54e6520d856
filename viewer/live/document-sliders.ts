/** Numbers of a document that are set by dragging: what each reads, and what it writes. */

import { isObject, type Path, valueAt, withValue } from "../../src/document/path.ts";
import type { Json } from "../../src/document/types.ts";
import { formatNumber } from "../figures/format.ts";

/** Sizes of the data, which only the files tell of data that are read. */
export interface DataSizes {
  samples: number;
  inputs: number;
}

export interface DocumentSlider {
  id: string;
  label: string;
  title: string;
  /** The slider moves in steps of this, in the value or in its power of ten. */
  low: number;
  high: number;
  step: number;
  isLogarithmic: boolean;
  /** @returns undefined where the document has no such number */
  read(document: Json, sizes: DataSizes): number | undefined;
  write(document: Json, value: number, sizes: DataSizes): Json;
}

const alphaPath = "init.alpha";
/** The ends of a sweep are at least so far apart. */
const narrowest = 1.2;

/** The place of the axis of alpha in the sweep, where there is one of its own. */
function alphaAxis(document: Json): { place: Path; values: number[] } | undefined {
  const axes = valueAt(document, ["sweep"]);
  const index = Array.isArray(axes) ? axes.findIndex((axis) => valueAt(axis, ["path"]) === alphaPath) : -1;
  if (index < 0) return undefined;
  const axis = (axes as Json[])[index];
  const spaced = valueAt(axis, ["logspace"]);
  const isNumbers = (list: Json | undefined): list is number[] =>
    Array.isArray(list) && list.length > 1 && list.every((value) => typeof value === "number");
  if (isNumbers(spaced)) {
    const [low, high, count] = spaced;
    return {
      place: ["sweep", index],
      values: [10 ** low, ...Array<number>(Math.max(0, count - 2)).fill(NaN), 10 ** high],
    };
  }
  const listed = valueAt(axis, ["values"]);
  return isNumbers(listed) ? { place: ["sweep", index], values: listed } : undefined;
}

/** Powers of ten in a document need no more digits. */
const rounded = (value: number): number => Number(value.toPrecision(4));

function alphaEnd(id: string, label: string, title: string, end: "low" | "high"): DocumentSlider {
  const extent = (values: number[]): [number, number] => {
    const known = values.filter((value) => !Number.isNaN(value));
    return [Math.min(...known), Math.max(...known)];
  };
  return {
    id,
    label,
    title,
    low: -2,
    high: 2,
    step: 0.05,
    isLogarithmic: true,
    read(document) {
      const axis = alphaAxis(document);
      return axis && extent(axis.values)[end === "low" ? 0 : 1];
    },
    write(document, value) {
      const { place, values } = alphaAxis(document)!;
      let [low, high] = extent(values);
      if (end === "low") [low, high] = [value, Math.max(high, value * narrowest)];
      else [low, high] = [Math.min(low, value / narrowest), value];
      const spaced = [rounded(Math.log10(low)), rounded(Math.log10(high)), values.length];
      return withValue(document, place, { path: alphaPath, logspace: spaced });
    },
  };
}

/** A number that stands in the document. */
function written(
  path: Path,
  slider: Omit<DocumentSlider, "id" | "read" | "write">,
  isThere: (document: Json) => boolean = () => true,
  fallback?: number,
): DocumentSlider {
  const id = path.join(".");
  return {
    ...slider,
    id,
    read(document) {
      if (!isThere(document) || isSwept(document, id)) return undefined;
      const value = valueAt(document, path) ?? fallback;
      return typeof value === "number" ? value : undefined;
    },
    write: (document, value) => withValue(document, path, value),
  };
}

/** What a sweep or a search sets is not the document's own. */
const isSwept = (document: Json, path: string): boolean =>
  [valueAt(document, ["sweep"]) ?? [], valueAt(document, ["search"]) ?? {}]
    .flat()
    .some((axis) => [valueAt(axis, ["path"]), valueAt(axis, ["paths"])].flat().includes(path));

const generatedKinds = ["linear-uniform", "linear-sparse", "sparse-signs", "teacher"];
const isGenerated = (document: Json): boolean =>
  generatedKinds.includes(valueAt(document, ["data", "kind"]) as string);

/** Numbers of the data: data from files are left for generated ones of the same size. */
function generated(
  key: "samples" | "dimension" | "noise" | "seed",
  slider: Omit<DocumentSlider, "id" | "read" | "write">,
): DocumentSlider {
  const path = ["data", key];
  return {
    ...slider,
    id: path.join("."),
    read(document, { samples, inputs }) {
      if (isSwept(document, path.join("."))) return undefined;
      if (!isGenerated(document)) return { samples, dimension: inputs, noise: 0, seed: 0 }[key];
      if (key === "noise" && valueAt(document, ["data", "kind"]) === "sparse-signs") return undefined;
      const value = valueAt(document, path) ?? (key === "seed" ? 1 : key === "noise" ? 0 : undefined);
      return typeof value === "number" ? value : undefined;
    },
    write(document, value, { samples, inputs }) {
      const data = valueAt(document, ["data"]);
      const from =
        isGenerated(document) && isObject(data)
          ? data
          : { kind: "linear-uniform", samples, dimension: inputs, noise: 0, seed: 1 };
      return withValue(document, ["data"], { ...from, [key]: value });
    },
  };
}

const descends = (document: Json): boolean => valueAt(document, ["train", "method"]) !== "gradient-flow";
const hasNoAxis = (document: Json): boolean => alphaAxis(document) === undefined;

/** Every number that can be dragged, in the order of the page. */
export const documentSliders: readonly DocumentSlider[] = [
  alphaEnd("alpha-low", "α from", "Smallest scale of initialization in the sweep", "low"),
  alphaEnd("alpha-high", "α to", "Largest scale of initialization in the sweep", "high"),
  written(
    ["init", "alpha"],
    { label: "α", title: "Scale of initialization", low: -2, high: 2, step: 0.05, isLogarithmic: true },
    hasNoAxis,
    1,
  ),
  written(
    ["model", "depth"],
    {
      label: "depth D",
      title: "Depth of the diagonal network",
      low: 1,
      high: 6,
      step: 1,
      isLogarithmic: false,
    },
    (document) => valueAt(document, ["model", "kind"]) === "diagonal",
  ),
  generated("samples", {
    label: "samples N",
    title: "Training samples",
    low: 2,
    high: 60,
    step: 1,
    isLogarithmic: false,
  }),
  generated("dimension", {
    label: "inputs n",
    title: "Inputs of a sample",
    low: 2,
    high: 100,
    step: 1,
    isLogarithmic: false,
  }),
  written(
    ["train", "stepSize"],
    {
      label: "step size η",
      title: "Step size of gradient descent",
      low: -5,
      high: -1,
      step: 0.05,
      isLogarithmic: true,
    },
    descends,
  ),
  generated("noise", {
    label: "noise σ",
    title: "Standard deviation of the noise on the targets",
    low: 0,
    high: 2,
    step: 0.05,
    isLogarithmic: false,
  }),
  generated("seed", {
    label: "seed",
    title: "Seed of the data",
    low: 0,
    high: 50,
    step: 1,
    isLogarithmic: false,
  }),
];

/** A value as a slider's position, and back. */
export const positionOf = ({ isLogarithmic }: DocumentSlider, value: number): number =>
  isLogarithmic ? Math.log10(value) : value;
export const valueOf = ({ isLogarithmic }: DocumentSlider, position: number): number =>
  isLogarithmic ? Number((10 ** position).toPrecision(3)) : Number(position.toPrecision(6));

export const sliderText = (value: number): string => formatNumber(value, 3);
