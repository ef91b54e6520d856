/** The experiment document as a schema: what each part may hold, its default, and the sentence that says so. */

import * as v from "valibot";
import { dataKinds } from "../data/registry.ts";
import { seedSchema } from "../data/seed.ts";
import type { LossKind } from "../losses/loss.ts";
import { lossKinds } from "../losses/registry.ts";
import { modelKinds } from "../models/registry.ts";
import { arrayNames } from "../quantities/arrays.ts";
import { type QuantityName, quantityNames } from "../quantities/catalogue.ts";
import { axisSchema } from "./axes.ts";
import { field } from "../document/field.ts";
import { mostEpochs, mostRecordsOfARun } from "../document/limits.ts";
import { searchSchema } from "./search-schema.ts";
import type { ArrayName, RunSpecification } from "../document/types.ts";

const positive = v.pipe(v.number(), v.gtValue(0));
const count = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));
const fileName = v.pipe(v.string(), v.nonEmpty());

type SchemasOf<Kinds extends readonly { schema: unknown }[]> = {
  [Place in keyof Kinds]: Kinds[Place]["schema"];
};
const schemasOf = <const Kinds extends readonly { schema: unknown }[]>(kinds: Kinds) =>
  kinds.map(({ schema }) => schema) as SchemasOf<Kinds>;

const data = v.variant("kind", schemasOf(dataKinds));
const model = v.variant("kind", schemasOf(modelKinds));

const loss = v.strictObject({
  kind: v.optional(
    field(
      `The data term: ${lossKinds
        .map(
          (loss: LossKind) => loss.formula + (loss.targets ? ` for targets of ${loss.targets.allowed}` : ""),
        )
        .join(", or ")}.`,
      `a loss is ${lossKinds.map(({ kind }) => `"${kind}"`).join(" or ")}`,
      v.picklist(lossKinds.map(({ kind }) => kind)),
    ),
    "squared",
  ),
  reduction: v.optional(
    field("How the samples' losses combine.", 'a reduction is "mean" or "sum"', v.picklist(["mean", "sum"])),
    "mean",
  ),
  l2: v.optional(
    field(
      "Explicit penalty: l2 times the squared norm of the weights is added.",
      "an l2 penalty is 0 or a positive number",
      v.pipe(v.number(), v.minValue(0)),
    ),
    0,
  ),
});

const deviation = field(
  "Standard deviation of Gaussian initial weights: a number, or one per layer.",
  "a standard deviation is a positive number, or a list of one per layer",
  v.union([positive, v.pipe(v.array(positive), v.nonEmpty(), v.maxLength(1000))]),
);

const init = v.strictObject({
  alpha: v.optional(
    field("Scale of initialization: the weights start at alpha w0.", "alpha is a positive number", positive),
    1,
  ),
  shape: v.optional(
    field(
      "Initial weights w0, before alpha scales them: alike, by a rule for the widths of layers, of a standard deviation, or from a file.",
      'an initial shape is "ones", "he", "fan-in-uniform", "xavier", "identity", "orthogonal", {"std": a positive number or one per layer} or {"file": "w0.npy"}',
      v.union([
        v.literal("ones"),
        v.literal("he"),
        v.literal("fan-in-uniform"),
        v.literal("xavier"),
        v.literal("identity"),
        v.literal("orthogonal"),
        v.strictObject({ std: deviation }),
        v.strictObject({
          file: field(
            "A .npy file with one weight vector, relative to the document.",
            "a file is named by a string",
            fileName,
          ),
        }),
      ]),
    ),
    "ones",
  ),
  layerScales: v.exactOptional(
    field(
      "What the weights of each layer of a network are multiplied by, at alpha 1.",
      "layer scales are a list of positive numbers, one per layer of weights",
      v.pipe(v.array(positive), v.nonEmpty(), v.maxLength(1000)),
    ),
  ),
  scaling: v.optional(
    field(
      'What alpha scales: "weights" (w(0) = alpha w0), or the model\'s "output" (w(0) = w0, the loss over alpha^2).',
      'a scaling is "weights" or "output"',
      v.picklist(["weights", "output"]),
    ),
    "weights",
  ),
  subtract: v.optional(
    field(
      "Train and measure f - f(w(0)): the model less its outputs at the start.",
      "subtract is true or false",
      v.boolean(),
    ),
    false,
  ),
  seed: v.optional(seedSchema, 1),
});

const stopLoss = v.optional(
  field(
    "Stop a run once its training loss is at or below this.",
    "a stopping loss is a number from 1e-37 to 1e37, as float32 holds it, or null for none",
    v.nullable(v.pipe(v.number(), v.minValue(1e-37), v.maxValue(1e37))),
  ),
  null,
);

const layers = v.exactOptional(
  field(
    'Which layers of a network train: "all", or the "last", upon random features.',
    'the layers that train are "all" or the "last"',
    v.picklist(["all", "last"]),
  ),
);

const methods = 'a method is "gradient-descent" or "gradient-flow"';

const descent = v.strictObject({
  method: v.optional(
    field(
      "Steps of one size, on all samples or on minibatches. It is meant where no method is named.",
      methods,
      v.literal("gradient-descent"),
    ),
    "gradient-descent",
  ),
  stepSize: field("Step size of gradient descent.", "a step size is a positive number", positive),
  epochs: field(
    "Passes over the training set.",
    `epochs are a whole number from 1 to ${mostEpochs}`,
    v.pipe(count(1), v.maxValue(mostEpochs)),
  ),
  batchSize: v.optional(
    field(
      'Samples an update, shuffled anew every epoch; "full" or at least all samples: one update an epoch.',
      'a batch size is "full" or a whole number of at least 1',
      v.union([v.literal("full"), count(1)]),
    ),
    "full",
  ),
  layers,
  stopLoss,
  stopRule: v.optional(
    field(
      'The loss that is compared: the "full" one after an epoch, or as in "keras" the epoch\'s mean of batch losses.',
      'a stopping rule is "full" or "keras"',
      v.picklist(["full", "keras"]),
    ),
    "full",
  ),
  labelNoise: v.exactOptional(
    field(
      "Standard deviation of noise on the labels, of a fresh random sign on each label and update, from `seed`; losses are those of the clean labels.",
      "noise on labels is 0 or a positive number",
      v.pipe(v.number(), v.minValue(0), v.maxValue(1e30)),
    ),
  ),
  noiseEpochs: v.exactOptional(
    field(
      "Epochs with noise on the labels, the first; all where it is left out.",
      `epochs with noise are a whole number from 0 to ${mostEpochs}`,
      v.pipe(count(0), v.maxValue(mostEpochs)),
    ),
  ),
  seed: v.optional(seedSchema, 1),
});

const flow = v.strictObject({
  method: field(
    "The limit of small steps, by steps that each run chooses itself.",
    methods,
    v.literal("gradient-flow"),
  ),
  tolerance: v.optional(
    field(
      "Error of a step, relative to the weights: the smaller, the closer to the flow.",
      "a tolerance is a number from 1e-7 to 1e-2",
      v.pipe(v.number(), v.minValue(1e-7), v.maxValue(1e-2)),
    ),
    1e-6,
  ),
  layers,
  stopLoss,
  time: v.optional(
    field(
      "Time at which a run ends.",
      "a time is a positive number, or null for none",
      v.nullable(v.pipe(positive, v.maxValue(1e30))),
    ),
    null,
  ),
  maxSteps: v.optional(
    field(
      "Accepted steps after which a run ends.",
      `steps are a whole number from 1 to ${mostEpochs}`,
      v.pipe(count(1), v.maxValue(mostEpochs)),
    ),
    100_000,
  ),
});

/** Descent is meant where no method is named. */
const train = v.variant("method", [descent, flow]);

/** Refuses an entry that the list has already, at its place. */
const distinct = <Item>(allowed: string) =>
  v.rawCheck<Item[]>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const seen = new Set<Item>();
    dataset.value.forEach((value, key) => {
      if (seen.has(value)) {
        addIssue({
          message: allowed,
          path: [{ type: "array", origin: "value", input: dataset.value, key, value }],
        });
      }
      seen.add(value);
    });
  });

const record = v.strictObject({
  every: v.optional(
    field(
      "Epochs between records, or how many records to space in the logarithm of the epoch.",
      'records are taken every k epochs (a whole number of at least 1), or {"log": count}',
      v.union([
        count(1),
        v.strictObject({
          log: field(
            "Records, spaced in the logarithm of the epoch.",
            `a count of records is a whole number from 1 to ${mostRecordsOfARun}`,
            v.pipe(count(1), v.maxValue(mostRecordsOfARun)),
          ),
        }),
      ]),
    ),
    10,
  ),
  quantities: v.optional(
    v.pipe(
      v.array(v.picklist(quantityNames)),
      distinct<QuantityName>("each quantity is named once"),
      v.metadata({ description: "What every record holds.", uniqueItems: true }),
    ),
    ["loss", "weight_distance", "linear_distance", "ntk_drift"],
  ),
  arrays: v.optional(
    v.pipe(
      v.array(v.picklist(arrayNames)),
      distinct<ArrayName>("each array is named once"),
      v.metadata({
        description:
          "Arrays to write: tangent kernels of every record, on the training inputs and between test and training inputs; linear predictors and weights at the end.",
        uniqueItems: true,
      }),
    ),
    ["ntk"],
  ),
  kernelOutputs: v.optional(
    field(
      "Tangent kernels of several outputs: summed over outputs, or with the samples of each output in turn as rows and columns.",
      'kernels of several outputs are recorded as "trace" or "full"',
      v.picklist(["trace", "full"]),
    ),
    "trace",
  ),
});

/** The parts that a run is made of, in the order of the document. */
export const sectionSchemas = { data, model, loss, init, train, record };

export type Section = keyof typeof sectionSchemas;
export const sections = Object.keys(sectionSchemas) as Section[];

/** A name is a folder's name on every system. */
const folderName = /^(?![. ])[^\u0000-\u001f\u007f-\u009f\u2028\u2029<>:"/\\|?*]{1,100}(?<![. ])$/;

export const nameSchema = field(
  "Name of the experiment and of its results folder; the file's name where it is left out.",
  'a name can name a folder: 1 to 100 characters without / \\ : * ? " < > |, and no dot or space at an end',
  v.pipe(v.string(), v.regex(folderName)),
);

const text = (description: string) => field(description, "it must be a string", v.string());

export const documentSchema = v.strictObject({
  $schema: v.exactOptional(text("Where editors find the JSON Schema.")),
  name: v.exactOptional(nameSchema),
  description: v.exactOptional(text("What the experiment is for, in a sentence.")),
  data: v.pipe(data, v.description("The training and test data.")),
  model: v.pipe(model, v.description("The model that every run trains.")),
  loss: v.optional(v.pipe(loss, v.description("The training loss.")), {}),
  init: v.optional(v.pipe(init, v.description("The initial weights.")), {}),
  train: v.pipe(train, v.description("How the model is trained.")),
  record: v.optional(v.pipe(record, v.description("What is recorded, and when.")), {}),
  sweep: v.optional(
    v.pipe(v.array(axisSchema), v.description("Axes; the runs are their product, the last axis fastest.")),
    [],
  ),
  search: v.exactOptional(
    v.pipe(
      searchSchema,
      v.description("A search at every point of the sweep: it trains the runs that it needs."),
    ),
  ),
});

type Parsed = { [Name in Section]: v.InferOutput<(typeof sectionSchemas)[Name]> };
type Agrees<A, B> = [A, B] extends [B, A] ? true : never;

// The schema and the types in types.ts say the same: either line fails to compile where they do not.
const parsedIsASpecification = (parsed: Parsed): RunSpecification => parsed;
const fieldsAgree: {
  [Name in Exclude<Section, "data" | "record">]: Agrees<Parsed[Name], RunSpecification[Name]>;
} = {
  model: true,
  loss: true,
  init: true,
  train: true,
};
void [parsedIsASpecification, fieldsAgree];
