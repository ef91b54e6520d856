/**
 * The experiment document: what a user writes, and the object that the library takes.
 *
 * `Experiment` is the document with every default filled in; `Run` is one point of its sweep, fully concrete.
 */

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What inputs of any kind may be made into. */
export interface PreparedInputs {
  /** Less their means, over their standard deviations. */
  standardize?: boolean;
  /** With a last one of 1. */
  constant?: boolean;
}

/** Generated linear regression data: X ~ N(0, I), y = <beta*, x> + noise N(0, 1). */
export interface LinearData {
  kind: "linear-uniform" | "linear-sparse";
  /** Training samples N. */
  samples: number;
  /** Inputs n. */
  dimension: number;
  /** Standard deviation of the label noise. */
  noise: number;
  seed: number;
  testSamples: number;
  /** `linear-sparse`: beta* has this many leading entries, all alike. */
  sparsity?: number;
  /** `linear-sparse`: the l2 norm of beta*; 1 where it is left out, and that of the draws of Gaussian entries. */
  norm?: number;
  /** `linear-sparse`: all alike, or drawn from N(0, 1). */
  entries?: "equal" | "gaussian";
}

/** The user's own data: CSV files with a column `y`, or .npy arrays. Paths are relative to the document. */
export interface FileData extends PreparedInputs {
  kind: "file";
  train?: string;
  test?: string;
  /** Columns of `train` that are the targets. */
  target?: string | string[];
  /** The share of the samples that become the test set, drawn by `splitSeed` (1). */
  testShare?: number;
  splitSeed?: number;
  /** Targets less their training means, over their training deviations. */
  standardizeTargets?: boolean;
  inputs?: string;
  targets?: string;
  testInputs?: string;
  testTargets?: string;
}

/** Wei et al.'s binary problem: the first two inputs tell the label, the others are random signs. */
export interface SparseSignsData {
  kind: "sparse-signs";
  samples: number;
  dimension: number;
  seed: number;
  testSamples: number;
}

/** Random signs, labelled by the majority of the first few. */
export interface MajoritySignsData {
  kind: "majority-signs";
  samples: number;
  dimension: number;
  sparsity: number;
  seed: number;
  testSamples: number;
}

/** Random inputs, labelled by a random ReLU network. */
export interface TeacherData extends Pick<PreparedInputs, "constant"> {
  kind: "teacher";
  samples: number;
  dimension: number;
  /** Hidden widths of the teacher. */
  widths: number[];
  /** Standard normal, or uniform on the unit sphere. */
  inputs?: "gaussian" | "sphere";
  /** Of its units |output weight| |input weights| = 1; or the root mean square of its training targets. */
  scale?: "unit" | number;
  /** The network's values, or their signs. */
  labels: "values" | "signs";
  /** Standard deviation of the noise on the values, before their signs are taken. */
  noise: number;
  seed: number;
  testSamples: number;
}

/** A function of inputs that are uniform in the unit ball, whose Fourier transform is known. */
export interface BallData extends Pick<PreparedInputs, "constant"> {
  kind: "ball";
  samples: number;
  dimension: number;
  /** The mean of so many waves is learned, of one frequency |omega|; exp(-|x|^2/2) where they are left out. */
  cosines?: number;
  frequency?: number;
  seed: number;
  testSamples: number;
}

/** Classes of the user's own images: IDX files, as MNIST's. Paths are relative to the document. */
export interface IdxData extends PreparedInputs {
  kind: "idx";
  images: string;
  labels: string;
  testImages?: string;
  testLabels?: string;
  /** The file's labels that become +1, and those that become -1; more than two classes are numbered from 0. Images of other labels are left out. */
  classes: (number | number[])[];
  /** Training and test images to take; all where it is left out. */
  samples?: number;
  testSamples?: number;
  seed: number;
}

/** The images of handwritten digits that come with the program. */
export interface DigitsData extends PreparedInputs {
  kind: "digits";
  classes: (number | number[])[];
  samples: number;
  /** All that are left where it is left out. */
  testSamples?: number;
  seed: number;
}

/** The user's own CIFAR-10, in its binary version. */
export interface Cifar10Data extends PreparedInputs {
  kind: "cifar10";
  batches: string[];
  testBatches?: string[];
  classes: (number | number[])[];
  samples?: number;
  testSamples?: number;
  seed: number;
}

/** Images of small patterns at random places. */
export interface PatternsData extends PreparedInputs {
  kind: "patterns";
  samples: number;
  /** Height and width. */
  size: number;
  classes: number;
  /** Standard deviation of the noise on every pixel. */
  noise: number;
  seed: number;
  testSamples: number;
}

/** Points (x, y) of a function of one number. */
export interface PointsData extends Pick<PreparedInputs, "constant"> {
  kind: "points";
  points?: [number, number][];
  /** A CSV file with columns x and y, instead. Its path is relative to the document. */
  file?: string;
  /** Test inputs: from, to, and how many. Their targets are on the straight lines from point to point. */
  grid?: [from: number, to: number, count: number];
}

/** A matrix of low rank that measurements <A_i, W*> tell of. */
interface LowRankData {
  rows: number;
  columns: number;
  /** Rank of W*, a product of Gaussian factors; with `symmetric` U U^T. */
  rank: number;
  /** Frobenius norm that W* is rescaled to; null: as it is. */
  norm: number | null;
  symmetric: boolean;
  /** Standard deviation of the noise on measurements and test entries. */
  noise: number;
  seed: number;
}

/** Entries of a matrix, seen at random places. */
export interface MatrixCompletionData extends LowRankData {
  kind: "matrix-completion";
  /** Entries seen; the others are the test set. */
  observed: number;
}

/** Dense measurements of a matrix; all its entries are the test set. */
export interface MatrixSensingData extends LowRankData {
  kind: "matrix-sensing";
  measurements: number;
  measurement: "gaussian" | "symmetric" | "diagonal";
}

/** The user's own measurements: .npy files, paths relative to the document. */
export interface MatrixFileData {
  kind: "matrix-file";
  rows?: number;
  columns?: number;
  /** [measurements, 2]: the entries seen, row and column from 0. */
  entries?: string;
  /** [measurements, rows, columns], instead. */
  measurements?: string;
  targets: string;
  /** W*, [rows, columns]. */
  truth?: string;
}

export type MatrixData = MatrixCompletionData | MatrixSensingData | MatrixFileData;

export type DataSpecification =
  | LinearData
  | SparseSignsData
  | MajoritySignsData
  | TeacherData
  | BallData
  | FileData
  | IdxData
  | DigitsData
  | Cifar10Data
  | PatternsData
  | PointsData
  | MatrixData;

/** f(x) = <w+^D - w-^D, x>. */
export interface DiagonalModel {
  kind: "diagonal";
  /** Degree of homogeneity D >= 1. */
  depth: number;
}

/** What a sample is to a layer: [channels, height, width], row-major. Numbers without positions are channels of a single one. */
export interface Extent {
  channels: number;
  height: number;
  width: number;
}

/** A dense layer of so many units. */
export interface DenseLayer {
  dense: number;
}

/** A convolution to so many channels, with zeros around the image. */
export interface ConvLayer {
  conv: number;
  /** Height and width of its window. */
  size: number;
  stride: number;
  padding: number;
}

/** The largest of each window, or its mean; windows lie beside each other. */
export interface PoolLayer {
  pool: "max" | "average";
  size: number | "all";
}

/** A hidden layer of a network; the one of its outputs is implied. */
export type LayerSpecification = DenseLayer | ConvLayer | PoolLayer;

/** f(x) = W_L [ ... [W_1 x]+ ... ]+, without biases. */
export interface ReluModel {
  kind: "relu";
  /** Widths of dense hidden layers; or hidden layers of any kind. */
  widths?: number[];
  layers?: LayerSpecification[];
  /** The difference of two copies that start equal. */
  unbiased: boolean;
}

/** f(x) = W_L ... W_1 x; without hidden layers linear regression. */
export interface LinearModel {
  kind: "linear";
  widths?: number[];
  layers?: LayerSpecification[];
  /** The difference of two copies that start equal. */
  unbiased: boolean;
}

/** f(A) = <A, W>, W = W_D .. W_1 or U U^T. */
export interface MatrixModel {
  kind: "matrix";
  /** D >= 1; 2 of U U^T. */
  factors: number;
  /** Of all D - 1 widths, or each, W_1's first; the larger side where both are left out. */
  width?: number;
  widths?: number[];
  /** U U^T. */
  symmetric: boolean;
  /** The difference of two copies that start equal. */
  unbiased: boolean;
}

/** Networks of layers, without biases. */
export type NetworkModel = ReluModel | LinearModel;

export type ModelSpecification = DiagonalModel | NetworkModel | MatrixModel;

export interface LossSpecification {
  /** A name from the registry (src/losses/registry.ts). */
  kind: "squared" | "logistic" | "cross-entropy";
  reduction: "mean" | "sum";
  /** Explicit penalty l2 |w|^2. */
  l2: number;
}

/** w(0) = alpha w0, w0 of this shape. */
export type InitialShape =
  | "ones"
  | "he"
  | "fan-in-uniform"
  | "xavier"
  | "identity"
  | "orthogonal"
  | { std: number | number[] }
  | { file: string };

export interface InitialSpecification {
  alpha: number;
  shape: InitialShape;
  /** What the weights of each layer of a network are multiplied by, at alpha 1. */
  layerScales?: number[];
  /** `weights`: w(0) = alpha w0. `output`: w(0) = w0, the output times alpha, the loss over alpha^2. */
  scaling: "weights" | "output";
  /** The model is f - f(w(0)). */
  subtract: boolean;
  seed: number;
}

/** Which layers of a network train: "last" leaves those below as they start (random features). */
interface TrainedLayers {
  layers?: "all" | "last";
}

/** Gradient descent with a fixed step size. */
export interface DescentSpecification extends TrainedLayers {
  method: "gradient-descent";
  stepSize: number;
  epochs: number;
  batchSize: number | "full";
  /** Stop a run once its training loss is at or below this. */
  stopLoss: number | null;
  /** Which loss is compared: the full one after the epoch, or the epoch's running mean of batch losses. */
  stopRule: "full" | "keras";
  /** Standard deviation of the noise on labels, a fresh sign on each label and update; 0 where it is left out. */
  labelNoise?: number;
  /** Epochs that have it, the first; all where it is left out. */
  noiseEpochs?: number;
  seed: number;
}

/** Gradient flow, by an embedded Runge-Kutta pair with a step of its own for every run. */
export interface FlowSpecification extends TrainedLayers {
  method: "gradient-flow";
  /** Error of a step, relative to the weights. */
  tolerance: number;
  /** Stop a run once its training loss is at or below this. */
  stopLoss: number | null;
  /** Stop a run at this time. */
  time: number | null;
  /** Stop a run after this many accepted steps. */
  maxSteps: number;
}

export type TrainSpecification = DescentSpecification | FlowSpecification;

export type RecordEvery = number | { log: number };
export type ArrayName =
  | "ntk"
  | "test_ntk"
  | "singular_values"
  | "neurons"
  | "first_layer"
  | "outputs"
  | "function"
  | "predictor"
  | "weights";

export interface RecordSpecification {
  every: RecordEvery;
  /** Names from the catalogue (src/quantities/catalogue.ts). */
  quantities: string[];
  arrays: ArrayName[];
  /** Tangent kernels of several outputs: their sum, or every pair of outputs. */
  kernelOutputs: "trace" | "full";
}

/** One axis of a sweep, expanded: `values[k][p]` is the k-th value of `paths[p]`. */
export interface SweepAxis {
  paths: string[];
  values: Json[][];
}

interface SearchedNumber {
  /** The number that is searched over. */
  path: string;
  /** What is measured at the end of training; its mean over the trials decides. */
  quantity: string;
  /** Runs at every probed value. */
  trials: number;
  /** The seeds that every trial has for itself. */
  seeds: string[];
}

/** The smallest value at which the mean passes a threshold. */
export type ThresholdSearch = SearchedNumber & {
  between: [lowest: number, highest: number];
  /** The last bracket's upper end over its lower end, at most. */
  ratio: number;
} & ({ atLeast: number } | { atMost: number });

/** The largest value of a grid at which the mean is within a factor of its best over the grid. */
export type FactorSearch = SearchedNumber & { withinFactor: number } & (
    | { values: Json[] }
    | { logspace: [number, number, number] }
    | { linspace: [number, number, number] }
    | { range: [number, number, number] }
  );

export type SearchSpecification = ThresholdSearch | FactorSearch;

/** A search of an experiment: one for every point of its sweep. */
export interface Search {
  specification: SearchSpecification;
  /** Whether the path takes whole numbers only. */
  isWhole: boolean;
  /** The values of a grid; the ends of a range. */
  values: number[];
  /** The points of the sweep: values by path. */
  points: Record<string, Json>[];
  /** The places of the points that are searched, where not all are. */
  part?: Part;
}

/** A piece of a sweep: its runs, or the points of its search, from one place to before another. */
export interface Part {
  first: number;
  end: number;
}

/** Everything that one run needs; `Document` without its sweep. */
export interface RunSpecification {
  data: DataSpecification;
  model: ModelSpecification;
  loss: LossSpecification;
  init: InitialSpecification;
  train: TrainSpecification;
  record: RecordSpecification;
}

/** One model trained once. */
export interface Run extends RunSpecification {
  /** Place in the sweep, the last axis fastest, counted from 0. */
  index: number;
  /** The swept paths and this run's values of them, in the sweep's order: the columns of runs.parquet. */
  swept: Record<string, Json>;
}

/** A document that has been checked, with its defaults filled in and its sweep expanded. */
export interface Experiment {
  name: string;
  /** The document with every default filled in, as manifest.json holds it. */
  document: Json;
  axes: SweepAxis[];
  /**
   * With a search, whose runs nobody knows before: one run at every point of the sweep and value of the search's grid, or
   * end of its range. They are checked, not trained.
   */
  runs: Run[];
  search?: Search;
}
