import { describe, expect, test } from "vitest";
import { DocumentError } from "../../src/document/error.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { smallest, type Written } from "./documents.ts";
import { problemOf } from "./validator.ts";

const data = { kind: "linear-uniform", samples: 10, dimension: 20 };
const train = { stepSize: 1e-3, epochs: 100 };
const alphas = (...values: Json[]) => [{ path: "init.alpha", values }];

function messageOf(document: unknown): string {
  try {
    readExperiment(document, "mine.json");
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    return (error as DocumentError).message;
  }
  throw new Error("the document was read");
}

/** What the published JSON Schema takes, and the reader does not. */
const beyondSchema: string[] = [];

function says(sentences: [title: string, changes: Written, message: string][]): void {
  for (const [title, changes, message] of sentences) {
    test(title, () => {
      expect(messageOf(smallest(changes))).toBe(`mine.json: ${message}`);
      if (problemOf(smallest(changes)) === undefined) beyondSchema.push(title);
    });
  }
}

describe("a value that is not allowed is named with its path and what is allowed", () => {
  says([
    [
      "a negative step size",
      { train: { ...train, stepSize: -1 } },
      "train.stepSize is -1; a step size is a positive number",
    ],
    [
      "a step size in words",
      { train: { ...train, stepSize: "1e-3" } },
      'train.stepSize is "1e-3"; a step size is a positive number',
    ],
    [
      "a length of noise without noise",
      { train: { ...train, noiseEpochs: 5 } },
      "train.noiseEpochs is 5; it says how long train.labelNoise lasts: set that",
    ],
    [
      "noise on labels of a flow",
      { train: { method: "gradient-flow", labelNoise: 1 } },
      'train.labelNoise is not a key of train of method "gradient-flow"; method "gradient-descent" has it',
    ],
    [
      "noise on labels of another loss",
      {
        data: { kind: "sparse-signs", samples: 10, dimension: 20 },
        model: { kind: "relu", widths: [3] },
        loss: { kind: "logistic" },
        train: { ...train, labelNoise: 1 },
        record: { arrays: [] },
      },
      'train.labelNoise is 1; labels of the "logistic" loss take no noise: leave it out',
    ],
    [
      "the effective start of a flow",
      { train: { method: "gradient-flow" }, record: { quantities: ["effective_alpha"] } },
      'record.quantities[0] is "effective_alpha"; a flow ends where its start says: it is of gradient descent',
    ],
    [
      "no epochs at all",
      { train: { ...train, epochs: 0 } },
      "train.epochs is 0; epochs are a whole number from 1 to 1000000000",
    ],
    [
      "half an epoch",
      { train: { ...train, epochs: 0.5 } },
      "train.epochs is 0.5; epochs are a whole number from 1 to 1000000000",
    ],
    [
      "an empty batch",
      { train: { ...train, batchSize: 0 } },
      'train.batchSize is 0; a batch size is "full" or a whole number of at least 1',
    ],
    [
      "a stopping loss of zero",
      { train: { ...train, stopLoss: 0 } },
      "train.stopLoss is 0; a stopping loss is a number from 1e-37 to 1e37, as float32 holds it, or null for none",
    ],
    ["a scale of zero", { init: { alpha: 0 } }, "init.alpha is 0; alpha is a positive number"],
    [
      "a seed beyond 32 bits",
      { init: { seed: 2 ** 32 } },
      "init.seed is 4294967296; it must be a whole number from 0 to 4294967295",
    ],
    ["a negative penalty", { loss: { l2: -1 } }, "loss.l2 is -1; an l2 penalty is 0 or a positive number"],
    [
      "a depth of zero",
      { model: { kind: "diagonal", depth: 0 } },
      "model.depth is 0; it must be a whole number of at least 1",
    ],
    [
      "a depth that no float32 holds",
      { model: { kind: "diagonal", depth: 100 } },
      "model.depth is 100; a depth is a whole number from 1 to 64",
    ],
    [
      "a negative standard deviation",
      { init: { shape: { std: -1 } } },
      "init.shape.std is -1; a standard deviation is a positive number, or a list of one per layer",
    ],
    [
      "as many standard deviations as the model has no layers",
      { init: { shape: { std: [1, 2] } } },
      "init.shape.std is [1,2]; a diagonal model has one layer, so one standard deviation",
    ],
    [
      "He initialization of a diagonal model",
      { init: { shape: "he" } },
      'init.shape is "he"; an initial shape of a diagonal model is "ones", {"std": a positive number} or {"file": "w0.npy"}',
    ],
    [
      "an interval of zero",
      { record: { every: 0 } },
      'record.every is 0; records are taken every k epochs (a whole number of at least 1), or {"log": count}',
    ],
    [
      "a logarithmic record of nothing",
      { record: { every: { log: 0 } } },
      "record.every.log is 0; a count of records is a whole number from 1 to 10000000",
    ],
    [
      "a quantity twice",
      { record: { quantities: ["loss", "loss"] } },
      'record.quantities[1] is "loss"; each quantity is named once',
    ],
    [
      "an array twice",
      { record: { arrays: ["ntk", "ntk"] } },
      'record.arrays[1] is "ntk"; each array is named once',
    ],
    [
      "a quantity alone",
      { record: { quantities: "loss" } },
      'record.quantities is "loss"; it must be a list',
    ],
    [
      "an unknown array",
      { record: { arrays: ["kernel"] } },
      'record.arrays[0] is "kernel"; it must be one of "ntk", "test_ntk", "singular_values", "neurons", "first_layer", "outputs", "function", "predictor" or "weights"',
    ],
    ["a section that is null", { model: null }, "model is null; it must be an object"],
    ["a section that is a list", { loss: [] }, "loss is []; it must be an object"],
    ["a sweep that is an object", { sweep: {} }, "sweep is {}; it must be a list"],
    ["a description that is no text", { description: 3 }, "description is 3; it must be a string"],
    [
      "a name with a separator",
      { name: "a/b" },
      'name is "a/b"; a name can name a folder: 1 to 100 characters without / \\ : * ? " < > |, and no dot or space at an end',
    ],
    [
      "a hidden name",
      { name: ".." },
      'name is ".."; a name can name a folder: 1 to 100 characters without / \\ : * ? " < > |, and no dot or space at an end',
    ],
  ]);

  test("a document that is no object", () =>
    expect(messageOf([1])).toBe("mine.json: the document is [1]; it must be an object"));

  test("what JSON cannot hold, from a program", () => {
    expect(messageOf(smallest({ train: { ...train, stepSize: Infinity } }))).toBe(
      "mine.json: train.stepSize is Infinity; every number is finite",
    );
    expect(messageOf({ ...smallest(), train: { ...train, stepSize: 1n } })).toBe(
      "mine.json: train.stepSize is bigint; a document holds JSON values only",
    );
    expect(messageOf({ ...smallest(), data: new Map() })).toBe(
      "mine.json: data is an object of a class; a document holds JSON values only",
    );
    const cycle: Record<string, unknown> = smallest();
    cycle.train = cycle;
    expect(messageOf(cycle)).toBe("mine.json: train.train.train is nested more than 32 levels deep");
  });
});

describe("a slip of the pen is answered with what was meant", () => {
  says([
    [
      "in a key",
      { train: { stepsize: 1e-3, epochs: 100 } },
      'train.stepsize is not a key of train; did you mean "stepSize"?',
    ],
    [
      "in capitals",
      { train: { STEPSIZE: 1e-3, epochs: 100 } },
      'train.STEPSIZE is not a key of train; did you mean "stepSize"?',
    ],
    ["in a section", { trian: {} }, 'trian is not a key of the document; did you mean "train"?'],
    ["in a kind", { model: { kind: "diagnoal" } }, 'model.kind is "diagnoal"; did you mean "diagonal"?'],
    [
      "in a word among numbers",
      { train: { ...train, batchSize: "ful" } },
      'train.batchSize is "ful"; did you mean "full"?',
    ],
    ["in a shape", { init: { shape: "one" } }, 'init.shape is "one"; did you mean "ones"?'],
    [
      "in a quantity",
      { record: { quantities: ["loss", "weight-distance"] } },
      'record.quantities[1] is "weight-distance"; did you mean "weight_distance"?',
    ],
    [
      "in an inner key",
      { record: { every: { lgo: 10 } } },
      'record.every.lgo is not a key of record.every; did you mean "log"?',
    ],
    [
      "in an axis's key",
      { sweep: [{ path: "init.alpha", valeus: [1] }] },
      'sweep[0].valeus is not a key of sweep[0]; did you mean "values"?',
    ],
    [
      "in a swept path",
      { sweep: [{ path: "init.alhpa", values: [1] }] },
      'sweep[0].path is "init.alhpa"; did you mean "init.alpha"?',
    ],
    [
      "in a path without its section",
      { sweep: [{ path: "seed", values: [1] }] },
      'sweep[0].path is "seed"; did you mean "data.seed", "init.seed" or "train.seed"?',
    ],
  ]);
});

describe("unknown keys are errors", () => {
  const keys =
    'its keys are "$schema", "name", "description", "data", "model", "loss", "init", "train", "record", "sweep" and "search"';
  says([
    ["of the document", { gpu: true }, `gpu is not a key of the document; ${keys}`],
    [
      "of another kind",
      { data: { ...data, sparsity: 3 } },
      'data.sparsity is not a key of data of kind "linear-uniform"; kind "linear-sparse" or "majority-signs" has it',
    ],
    ["that are no words", { "a b\n": 1 }, `["a b\\n"] is not a key of the document; ${keys}`],
    [
      "of an axis that has values already",
      { sweep: [{ path: "init.alpha", values: [1], linspace: [1, 2, 3] }] },
      'sweep[0].linspace is not a key of sweep[0]; it cannot stand beside "values"',
    ],
    [
      "that every object inherits",
      { train: { ...train, constructor: 1 } },
      'train.constructor is not a key of train; no object has a key "constructor"',
    ],
  ]);
});

describe("each data kind says what it takes", () => {
  const teacher = { kind: "teacher", samples: 5, dimension: 3, widths: [4] };
  const idx = { kind: "idx", images: "images.gz", labels: "labels.gz", classes: [3, 8] };
  const widths = "widths are a list of the teacher's hidden widths, whole numbers from 1 to 134217728";
  const classes =
    "classes are two labels or more, or lists of labels (whole numbers from 0 to 255): of two the first become +1, the others -1; more are numbered from 0";
  says([
    [
      "one input of sparse signs",
      { data: { ...data, kind: "sparse-signs", dimension: 1 } },
      "data.dimension is 1; it must be a whole number from 2 to 134217728",
    ],
    [
      "noise on sparse signs",
      { data: { ...data, kind: "sparse-signs", noise: 0.1 } },
      'data.noise is not a key of data of kind "sparse-signs"; kind "linear-uniform", "linear-sparse", "teacher", "patterns", "matrix-completion" or "matrix-sensing" has it',
    ],
    [
      "a teacher without a hidden layer",
      { data: { ...teacher, widths: [] } },
      `data.widths is []; ${widths}`,
    ],
    ["a teacher's width in no list", { data: { ...teacher, widths: 3 } }, `data.widths is 3; ${widths}`],
    ["a teacher's width of 0", { data: { ...teacher, widths: [3, 0] } }, `data.widths[1] is 0; ${widths}`],
    [
      "a teacher that is too large",
      { data: { ...teacher, widths: [134217728] } },
      "data.widths is [134217728]; that makes 536870912 weights, and at most 134217728 are allowed",
    ],
    [
      "a slip in labels",
      { data: { ...teacher, labels: "sign" } },
      'data.labels is "sign"; did you mean "signs"?',
    ],
    ["one class", { data: { ...idx, classes: [3] } }, `data.classes is [3]; ${classes}`],
    ["no classes", { data: { ...idx, classes: null } }, `data.classes is null; ${classes}`],
    [
      "classes that overlap",
      { data: { ...idx, classes: [3, [1, 3]] } },
      "data.classes is [3,[1,3]]; label 3 cannot be both +1 and -1",
    ],
    [
      "test images without labels",
      { data: { ...idx, testImages: "t" } },
      'data.testImages is "t"; it needs "testLabels" beside it',
    ],
    [
      "a test quantity of images without test images",
      { data: idx, record: { quantities: ["test_loss"] } },
      'record.quantities[0] is "test_loss"; it needs a test set: name one in data.testImages and data.testLabels',
    ],
    [
      "a population error without a true predictor",
      { data: teacher, record: { quantities: ["population_l1"] } },
      'record.quantities[0] is "population_l1"; it needs the true predictor beta*, which data of kind "teacher" do not have',
    ],
  ]);
});

describe("what is missing is named with what belongs there", () => {
  says([
    ["a step size", { train: { epochs: 1 } }, "train.stepSize is missing; a step size is a positive number"],
    [
      "a model's kind",
      { model: {} },
      'model.kind is missing; it must be one of "diagonal", "relu", "linear" or "matrix"',
    ],
    [
      "a kind's own key",
      { data: { ...data, kind: "linear-sparse" } },
      "data.sparsity is missing; it must be a whole number of at least 1",
    ],
    [
      "an axis's values",
      { sweep: [{ path: "init.alpha" }] },
      'sweep[0].values is missing; an axis has a list of at least one of "values", or "logspace", "linspace" or "range"',
    ],
  ]);

  test("a whole section", () => {
    const { data: _, ...document } = smallest();
    expect(messageOf(document)).toBe(
      'mine.json: data.kind is missing; it must be one of "linear-uniform", "linear-sparse", "sparse-signs", "majority-signs", "teacher", "ball", "file", "idx", "digits", "cifar10", "patterns", "points", "matrix-completion", "matrix-sensing" or "matrix-file"',
    );
  });
});

describe("the first problem is told, in the order of the document", () => {
  test("across sections", () => {
    const { data, model, record } = smallest();
    const bad = { stepSize: -1, epochs: -1 };
    expect(messageOf({ train: bad, loss: { l2: -1 }, data, model, record })).toContain(
      "train.stepSize is -1",
    );
    expect(messageOf({ loss: { l2: -1 }, train: bad, data, model, record })).toContain("loss.l2 is -1");
    expect(messageOf({ train: bad, gpu: 1, data, model, record })).toContain("train.stepSize is -1");
    expect(messageOf({ gpu: 1, train: bad, data, model, record })).toContain("gpu is not a key");
  });

  test("within a section, whatever the order of the schema", () => {
    expect(messageOf(smallest({ train: { epochs: -1, stepSize: -1 } }))).toContain("train.epochs is -1");
    expect(messageOf(smallest({ train: { foo: 1, stepSize: -1 } }))).toContain("train.foo is not a key");
  });

  test("with what is missing last", () =>
    expect(messageOf(smallest({ train: { epochs: -1 } }))).toContain("train.epochs is -1"));
});

describe("a search says what it is over, and what it looks for", () => {
  const grid = { path: "init.alpha", values: [0.1, 1], quantity: "loss", withinFactor: 1.1 };
  const range = { path: "data.samples", between: [10, 200], quantity: "loss", atMost: 0.1 };
  const search = (changes: Written, sweep: Json[] = []) => ({ search: { ...range, ...changes }, sweep });
  const overGrid = (changes: Written) => ({ search: { ...grid, ...changes } });
  says([
    [
      "nothing",
      { search: {} },
      'search is {}; a search is {"path", "between", "quantity", "atLeast" or "atMost"}, or {"path", "values", "quantity", "withinFactor"}',
    ],
    ["a list", { search: [] }, "search is []; it must be an object"],
    [
      "a path that is mistyped",
      search({ path: "data.sample" }),
      'search.path is "data.sample"; did you mean "data.samples"?',
    ],
    [
      "a path without numbers",
      search({ path: "loss.kind" }),
      'search.path is "loss.kind"; a search needs a path that takes numbers',
    ],
    [
      "a path that is swept too",
      search({}, [{ path: "data.samples", values: [10, 20] }]),
      'search.path is "data.samples"; sweep[0].path sets it already',
    ],
    [
      "a range that runs down",
      search({ between: [200, 10] }),
      "search.between is [200,10]; it runs from a lower to a higher number",
    ],
    [
      "an end that the path does not take",
      search({ between: [10.5, 200] }),
      "data.samples is 10.5; it must be a whole number from 1 to 134217728 (where data.samples = 10.5)",
    ],
    [
      "no threshold",
      { search: { path: "data.samples", between: [10, 200], quantity: "loss" } },
      'search.atLeast is missing; a threshold is a number, as "atLeast" or as "atMost"',
    ],
    [
      "a ratio that brackets nothing",
      search({ ratio: 1 }),
      "search.ratio is 1; a ratio is a number from 1.001 to 2",
    ],
    ["one trial", search({ trials: 1 }), "search.trials is 1; trials are a whole number from 2 to 10000"],
    [
      "a quantity that is mistyped",
      search({ quantity: "los" }),
      'search.quantity is "los"; did you mean "loss"?',
    ],
    [
      "a quantity that is not recorded",
      search({ quantity: "predictor_l1" }),
      'search.quantity is "predictor_l1"; record.quantities does not hold it',
    ],
    [
      "arrays",
      { ...search({}), record: { arrays: ["predictor"] } },
      'record.arrays is ["predictor"]; a search writes no arrays: leave them out',
    ],
    [
      "a seed that is none",
      search({ seeds: ["data.noise"] }),
      'search.seeds[0] is "data.noise"; the seeds of this document are data.seed, init.seed, train.seed',
    ],
    [
      "a seed that is swept",
      search({ seeds: ["data.seed"] }, [{ path: "data.seed", values: [1, 2] }]),
      'search.seeds[0] is "data.seed"; sweep[0].path sets it already',
    ],
    [
      "a seed named twice",
      search({ seeds: ["data.seed", "data.seed"] }),
      'search.seeds[1] is "data.seed"; search.seeds[0] sets it already',
    ],
    [
      "a factor of one",
      overGrid({ withinFactor: 1 }),
      "search.withinFactor is 1; a factor is a number above 1",
    ],
    ["a value named twice", overGrid({ values: [1, 1] }), "search.values[1] is 1; each value is named once"],
    [
      "a value in words",
      overGrid({ values: [1, "two"] }),
      'search.values[1] is "two"; a search is over numbers',
    ],
    ["a grid of one value", overGrid({ values: [1] }), "search is [1]; a search needs at least two values"],
    [
      "both a grid and a threshold",
      overGrid({ atLeast: 1 }),
      'search.atLeast is not a key of search; it cannot stand beside "values" and "withinFactor"',
    ],
  ]);
});

describe("models and what is asked of them fit together", () => {
  const relu = { kind: "relu", widths: [10] };
  const shapes =
    'an initial shape of a network is "he", "fan-in-uniform", "xavier", {"std": a positive number or one per layer} or {"file": "w0.npy"}';
  says([
    ["a ReLU network of ones", { model: relu }, `init.shape is "ones"; ${shapes}`],
    [
      "a diagonal model by He",
      { init: { shape: "he" } },
      'init.shape is "he"; an initial shape of a diagonal model is "ones", {"std": a positive number} or {"file": "w0.npy"}',
    ],
    [
      "cross-entropy of a diagonal model",
      { loss: { kind: "cross-entropy" } },
      'loss.kind is "cross-entropy"; a diagonal model has one output: "squared" or "logistic"',
    ],
    [
      "a width of 0",
      { model: { kind: "relu", widths: [3, 0] }, init: { shape: "he" } },
      "model.widths[1] is 0; widths are a list of whole numbers from 1 to 1000000, one per hidden layer",
    ],
    [
      "deviations of other layers",
      { model: relu, init: { shape: { std: [1, 2, 3] } } },
      "init.shape.std is [1,2,3]; the network has 2 layers, so 2 numbers or one",
    ],
    [
      "a predictor of a ReLU network",
      { model: relu, init: { shape: "he" }, record: { quantities: ["loss", "predictor_l1"] } },
      'record.quantities[1] is "predictor_l1"; a relu model has no linear predictor',
    ],
    [
      "the flow's error of a deep network",
      {
        model: { kind: "relu", widths: [3, 3] },
        init: { shape: "he" },
        record: { quantities: ["flow_error"] },
      },
      'record.quantities[0] is "flow_error"; it is measured on networks with one hidden layer',
    ],
    [
      "a path norm of a diagonal model",
      { record: { quantities: ["path_norm"] } },
      'record.quantities[0] is "path_norm"; a diagonal model has no layers',
    ],
  ]);
});

describe("a sweep is checked before all else", () => {
  says([
    [
      "an empty list of values",
      { sweep: alphas() },
      'sweep[0].values is []; an axis has a list of at least one of "values", or "logspace", "linspace" or "range"',
    ],
    [
      "an empty range",
      { sweep: [{ path: "init.alpha", range: [1, 0, 1] }] },
      "sweep[0].range is [1,0,1]; it holds no value: a range runs from start towards stop, without it",
    ],
    [
      "a range that stands still",
      { sweep: [{ path: "init.alpha", range: [0, 1, 0] }] },
      "sweep[0].range is [0,1,0]; it holds no value: a range runs from start towards stop, without it",
    ],
    [
      "no count",
      { sweep: [{ path: "init.alpha", logspace: [-1, 1, 0] }] },
      "sweep[0].logspace[2] is 0; logspace is [lo, hi, count]: powers of ten from 10^lo to 10^hi, at least one",
    ],
    [
      "values beyond every number",
      { sweep: [{ path: "init.alpha", logspace: [300, 400, 3] }] },
      "sweep[0].logspace is [300,400,3]; its values leave the range of numbers",
    ],
    [
      "a value that is an object",
      { sweep: alphas({ std: 1 }) },
      'sweep[0].values[0] is {"std":1}; a swept value is a number, a string, true, false, null or a list of numbers',
    ],
    [
      "something that is no axis",
      { sweep: ["init.alpha"] },
      'sweep[0] is "init.alpha"; an axis is {"path", and "values", "logspace", "linspace" or "range"}, or {"paths", "values"}',
    ],
    [
      "a path to an object",
      { sweep: [{ path: "train", values: [1] }] },
      'sweep[0].path is "train"; an axis sets single values, here "train.method", "train.stepSize", "train.epochs", "train.batchSize", "train.layers", "train.stopLoss", "train.stopRule", "train.labelNoise", "train.noiseEpochs", "train.seed", "train.tolerance", "train.time" or "train.maxSteps"',
    ],
    [
      "a path into records",
      { sweep: [{ path: "record.every", values: [1, 2] }] },
      'sweep[0].path is "record.every"; runs share one table of records, so nothing in record can be swept',
    ],
    [
      "a path of another kind of data",
      { sweep: [{ path: "data.sparsity", values: [1] }] },
      'sweep[0].path is "data.sparsity"; what this document chooses does not have it',
    ],
    [
      "a path of another shape",
      { init: { shape: { file: "w0.npy" } }, sweep: [{ path: "init.shape.std", values: [1] }] },
      'sweep[0].path is "init.shape.std"; what this document chooses does not have it',
    ],
    [
      "a path through what objects inherit",
      { sweep: [{ path: "init.__proto__.alpha", values: [1] }] },
      'sweep[0].path is "init.__proto__.alpha"; did you mean "init.alpha"?',
    ],
    [
      "a path twice",
      { sweep: [...alphas(1), ...alphas(2)] },
      'sweep[1].path is "init.alpha"; sweep[0].path sets it already',
    ],
    [
      "a path twice in one axis",
      { sweep: [{ paths: ["init.alpha", "init.alpha"], values: [[1, 1]] }] },
      'sweep[0].paths[1] is "init.alpha"; sweep[0].paths[0] sets it already',
    ],
    [
      "a path within another",
      {
        sweep: [
          { path: "init.shape.std", values: [1] },
          { path: "init.shape", values: ["ones"] },
        ],
      },
      'sweep[1].path is "init.shape"; sweep[0].path sets a part of it already',
    ],
    [
      "paths without a value each",
      { sweep: [{ paths: ["init.alpha", "train.stepSize"], values: [[1, 1], [1]] }] },
      "sweep[0].values[1] is [1]; each of the 2 paths takes one value",
    ],
    [
      "a later problem elsewhere",
      { gpu: 1, sweep: [1] },
      'sweep[0] is 1; an axis is {"path", and "values", "logspace", "linspace" or "range"}, or {"paths", "values"}',
    ],
  ]);
});

describe("every run of a sweep is checked, and named by its values", () => {
  says([
    [
      "a value that its field does not allow",
      { sweep: [...alphas(1, -1), { path: "train.epochs", values: [1, 2] }] },
      "init.alpha is -1; alpha is a positive number (where init.alpha = -1)",
    ],
    [
      "a value that leaves no room for another",
      {
        data: { kind: "linear-sparse", samples: 4, dimension: 9 },
        sweep: [...alphas(1, 2), { path: "data.sparsity", values: [8, 10] }],
      },
      "data.sparsity is 10; at most the dimension, 9 (where init.alpha = 1, data.sparsity = 10)",
    ],
    [
      "a kernel of several sizes",
      { record: { arrays: ["ntk"] }, sweep: [{ path: "data.samples", values: [5, 6] }] },
      'record.arrays[0] is "ntk"; one file holds it for all runs, but one run has 5 training samples and another 6: leave it out of record.arrays (where data.samples = 6)',
    ],
    [
      "a kernel of several test sets",
      {
        record: { arrays: ["test_ntk"] },
        sweep: [{ path: "data.testSamples", values: [5, 6] }],
      },
      'record.arrays[0] is "test_ntk"; one file holds it for all runs, but one run has 5 test samples and another 6: leave it out of record.arrays (where data.testSamples = 6)',
    ],
    [
      "predictors of several sizes",
      { record: { arrays: ["predictor"] }, sweep: [{ path: "data.dimension", values: [5, 6] }] },
      'record.arrays[0] is "predictor"; one file holds it for all runs, but one run has 5 inputs and another 6: leave it out of record.arrays (where data.dimension = 6)',
    ],
    [
      "weights of several sizes",
      { record: { arrays: ["weights"] }, sweep: [{ path: "data.dimension", values: [5, 6] }] },
      'record.arrays[0] is "weights"; one file holds it for all runs, but one run has 10 weights and another 12: leave it out of record.arrays (where data.dimension = 6)',
    ],
    [
      "a run without a test set",
      {
        record: { arrays: [], quantities: ["loss", "test_loss"] },
        sweep: [{ path: "data.testSamples", values: [5, 0] }],
      },
      'record.quantities[1] is "test_loss"; it needs a test set: set data.testSamples (where data.testSamples = 0)',
    ],
  ]);
});

describe("the parts of a run must fit together", () => {
  const file = { kind: "file", train: "train.csv" };
  says([
    [
      "a test quantity without test data",
      { record: { quantities: ["test_loss"] } },
      'record.quantities[0] is "test_loss"; it needs a test set: set data.testSamples',
    ],
    [
      "a kernel with the test inputs where there are none",
      { record: { arrays: ["test_ntk"] } },
      'record.arrays[0] is "test_ntk"; it needs a test set: set data.testSamples',
    ],
    [
      "a test quantity without a test file",
      { data: file, record: { quantities: ["test_loss"] } },
      'record.quantities[0] is "test_loss"; it needs a test set: set data.testShare, or name one in data.test or data.testInputs',
    ],
    [
      "a population error of the user's own data",
      { data: file, record: { quantities: ["population_l2"] } },
      'record.quantities[0] is "population_l2"; it needs the true predictor beta*, which data of kind "file" do not have',
    ],
  ]);
});

describe("sizes that no machine finishes are refused with their count", () => {
  says([
    [
      "runs",
      { sweep: [{ path: "init.alpha", linspace: [1, 2, 1e9] }] },
      "sweep makes 1000000000 runs; at most 1000000 are allowed",
    ],
    [
      "runs of several axes",
      {
        sweep: [
          { path: "init.alpha", linspace: [1, 2, 2000] },
          { path: "init.seed", range: [0, 1000, 1] },
        ],
      },
      "sweep makes 2000000 runs; at most 1000000 are allowed",
    ],
    [
      "records",
      { train: { stepSize: 1, epochs: 1e8 }, record: { every: 1 } },
      "record.every is 1; that makes 100000001 records a run; at most 10000000 are allowed",
    ],
    [
      "records of all runs",
      {
        train: { stepSize: 1, epochs: 1e7 - 1 },
        record: { every: 1, arrays: [] },
        sweep: [{ path: "init.seed", range: [0, 1001, 1] }],
      },
      "record.every is 1; 1001 runs make more than 10000000000 records in all (where init.seed = 1000)",
    ],
    [
      "kernels with the test inputs",
      {
        data: { ...data, samples: 1e5, testSamples: 1e5 },
        train: { stepSize: 1, epochs: 1000 },
        record: { every: 1, arrays: ["test_ntk"] },
      },
      'record.every is 1; test_ntk.npy would hold more than 1000000000000 numbers: record fewer, or leave "test_ntk" out of record.arrays',
    ],
    [
      "kernels",
      {
        data: { ...data, samples: 1e5 },
        train: { stepSize: 1, epochs: 1000 },
        record: { every: 1, arrays: ["ntk"] },
      },
      'record.every is 1; ntk.npy would hold more than 1000000000000 numbers: record fewer, or leave "ntk" out of record.arrays',
    ],
  ]);
});

describe("a message is one short line", () => {
  test("whatever the file is called", () =>
    expect(() => readExperiment([], "a\nb.json")).toThrow(
      /^a\\u000ab\.json: the document is \[\]; it must be an object$/,
    ));

  test("whatever the value holds", () =>
    expect(messageOf(smallest({ data: "\u001b[31mred\u2028\u202e" }))).toBe(
      'mine.json: data is "\\u001b[31mred\\u2028\\u202e"; it must be an object',
    ));

  test("however long the value is", () => {
    const message = messageOf(smallest({ model: { kind: "😀".repeat(1000) } }));
    expect(message).toBe(
      `mine.json: model.kind is "${"😀".repeat(60)}…"; it must be one of "diagonal", "relu", "linear" or "matrix"`,
    );
    const long = messageOf(smallest({ train: { ...train, stepSize: Array.from({ length: 1e5 }, () => 1) } }));
    expect(long).toBe(`mine.json: train.stepSize is [${"1,".repeat(29)}1…; a step size is a positive number`);
  });
});

describe("matrix models and their data", () => {
  const completion = { kind: "matrix-completion", rows: 4, columns: 3, rank: 1, observed: 6 };
  const matrix = { kind: "matrix", factors: 2 };
  const asked = (own: Written): Written => ({
    data: completion,
    model: matrix,
    init: { shape: "identity" },
    record: { arrays: [] },
    ...own,
  });
  says([
    [
      "another model on a matrix",
      asked({ model: { kind: "diagonal" }, init: {} }),
      'model.kind is "diagonal"; data of kind "matrix-completion" are for a model of kind "matrix"',
    ],
    [
      "a matrix model on vectors",
      asked({ data }),
      'model.kind is "matrix"; it is trained on measurements of a matrix, which data of kind "linear-uniform" are not',
    ],
    [
      "too many factors",
      asked({ model: { ...matrix, factors: 13 } }),
      "model.factors is 13; factors are a whole number from 1 to 12",
    ],
    [
      "an absurd width",
      asked({ model: { ...matrix, width: 1e9 } }),
      "model.width is 1000000000; a width is a whole number from 1 to 1000000",
    ],
    [
      "widths and a width",
      asked({ model: { ...matrix, width: 3, widths: [3] } }),
      'model.widths is [3]; it cannot stand beside "width"',
    ],
    [
      "too many widths",
      asked({ model: { ...matrix, widths: [3, 4] } }),
      "model.widths is [3,4]; 2 factors have 1 widths between them",
    ],
    [
      "three symmetric factors",
      asked({ model: { kind: "matrix", factors: 3, symmetric: true } }),
      "model.factors is 3; a symmetric model U U^T has 2 factors",
    ],
    [
      "a matrix that starts with ones",
      asked({ init: {} }),
      'init.shape is "ones"; an initial shape of a matrix model is "identity", "orthogonal", {"std": a positive number or one per factor} or {"file": "w0.npy"}',
    ],
    [
      "deviations of other factors",
      asked({ init: { shape: { std: [1, 2, 3] } } }),
      "init.shape.std is [1,2,3]; 2 factors take 2 numbers or one",
    ],
    [
      "logistic loss",
      asked({ loss: { kind: "logistic" } }),
      'loss.kind is "logistic"; a matrix model is trained on the "squared" loss',
    ],
    [
      "an absurd size",
      asked({ data: { ...completion, rows: 1e6 } }),
      "data.rows is 1000000; rows and columns are whole numbers from 1 to 4096",
    ],
    [
      "minimum-l1 solutions of a matrix",
      asked({ record: { quantities: ["excess_l1"], arrays: [] } }),
      'record.quantities[0] is "excess_l1"; minimum-l1 solutions are of vectors: of a matrix take "excess_nuclear"',
    ],
    [
      "entries that are not there",
      asked({
        data: { ...completion, observed: 12 },
        record: { quantities: ["unobserved_drift"], arrays: [] },
      }),
      'record.quantities[0] is "unobserved_drift"; all entries are observed: set data.observed to fewer',
    ],
    [
      "what a plain U U^T conserves",
      asked({
        data: { ...completion, columns: 4 },
        model: { kind: "matrix", symmetric: true },
        record: { quantities: ["flow_error"], arrays: [] },
      }),
      'record.quantities[0] is "flow_error"; one copy of U U^T conserves nothing',
    ],
    [
      "singular values of a vector",
      { record: { quantities: ["predictor_nuclear"] } },
      'record.quantities[0] is "predictor_nuclear"; a diagonal model has no matrix',
    ],
  ]);
});

test("the published schema takes no more than test/document/beyond-schema.txt lists of what is refused here", async () => {
  // Whoever adds a line there has seen that no schema could say it. `--update` writes it anew.
  await expect(`${beyondSchema.join("\n")}\n`).toMatchFileSnapshot("beyond-schema.txt");
});
