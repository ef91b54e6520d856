import type { Capability } from "../models/measurable.ts";

/**
 * What a quantity or an array needs: of the model, or of the data. `oneOutput`: one target a sample; `labelKernel`: tangent kernels
 * that multiply the vector of all targets; `vector`: inputs that are not the entries of a matrix; `unobserved`: entries of a
 * matrix that were not measured by themselves; `separable`: labels of -1 and +1 that a linear predictor has; `descent`: steps of a
 * size that the document sets.
 */
export type Need =
  | Capability
  | "testSet"
  | "truePredictor"
  | "solution"
  | "oneOutput"
  | "labelKernel"
  | "vector"
  | "unobserved"
  | "separable"
  | "descent";

/** A quantity that a record can hold: how axes and tables call it, and what it is measured on (src/quantities/measures.ts). */
export interface QuantityKind {
  /** Plain words, for titles. */
  title: string;
  /** The field's symbol, for axis titles. */
  symbol: string;
  needs: readonly Need[];
}

/** Every quantity, by its name in documents and columns. */
export const catalogue = {
  loss: { title: "Training loss", symbol: "L(w)", needs: ["losses"] },
  linear_loss: { title: "Training loss of the linearized model", symbol: "L(w̄)", needs: ["linearized"] },
  peak_loss: {
    title: "Largest training loss so far",
    symbol: "max L(w)",
    needs: ["losses", "descent"],
  },
  test_loss: { title: "Test loss", symbol: "test L(w)", needs: ["losses", "testSet"] },
  weight_distance: { title: "Distance from initialization", symbol: "‖w − w(0)‖₂", needs: ["weights"] },
  linear_distance: { title: "Distance to the linearized weights", symbol: "‖w − w̄‖₂", needs: ["linearized"] },
  function_distance: {
    title: "Distance to the linearized function",
    symbol: "rms(f − f̄)",
    needs: ["linearized"],
  },
  ntk_drift: {
    title: "Relative change of the tangent kernel",
    symbol: "‖K − K(0)‖ / ‖K(0)‖",
    needs: ["tangentKernel"],
  },
  ntk_alignment: {
    title: "Alignment of the tangent kernel with its start",
    symbol: "cos(K, K(0))",
    needs: ["tangentKernel"],
  },
  ntk_misalignment: {
    title: "Misalignment of the tangent kernel",
    symbol: "1 − cos(K, K(0))",
    needs: ["tangentKernel"],
  },
  ntk_change_lowest: {
    title: "Lowest entry of the tangent kernel's change",
    symbol: "min K − K(0)",
    needs: ["tangentKernel"],
  },
  ntk_change_highest: {
    title: "Highest entry of the tangent kernel's change",
    symbol: "max K − K(0)",
    needs: ["tangentKernel"],
  },
  ntk_label_alignment: {
    title: "Alignment of the tangent kernel with the labels",
    symbol: "y · Ky / (‖y‖² ‖K‖)",
    needs: ["tangentKernel", "labelKernel"],
  },
  ntk_eigenvalue_1: {
    title: "Largest eigenvalue of the tangent kernel",
    symbol: "λ₁(K)",
    needs: ["tangentKernel"],
  },
  sharpness: {
    title: "Step size over its limit of stability",
    symbol: "η λ₁(K) / N",
    needs: ["tangentKernel", "descent"],
  },
  ntk_eigenvalue_2: {
    title: "Second eigenvalue of the tangent kernel",
    symbol: "λ₂(K)",
    needs: ["tangentKernel"],
  },
  ntk_eigenvalue_3: {
    title: "Third eigenvalue of the tangent kernel",
    symbol: "λ₃(K)",
    needs: ["tangentKernel"],
  },
  ntk_eigenvalue_outputs: {
    title: "Last of as many eigenvalues of the tangent kernel as there are outputs",
    symbol: "λ_O(K)",
    needs: ["tangentKernel", "labelKernel"],
  },
  ntk_eigenvalue_beyond: {
    title: "Eigenvalue of the tangent kernel beyond those of the outputs",
    symbol: "λ_O₊₁(K)",
    needs: ["tangentKernel", "labelKernel"],
  },
  ntk_spectral_gap: {
    title: "Gap of the tangent kernel's eigenvalues after one an output",
    symbol: "λ_O / λ_O₊₁",
    needs: ["tangentKernel", "labelKernel"],
  },
  gradient_distance: {
    title: "Cosine distance of the gradients from their start",
    symbol: "1 − cos(J, J(0))",
    needs: ["jacobian"],
  },
  flow_error: {
    title: "Drift of the flow's conserved quantity",
    symbol: "max |I/I(0) − 1|",
    needs: ["conserved"],
  },
  predictor_l1: { title: "l1 norm of the predictor", symbol: "‖β‖₁", needs: ["predictor", "oneOutput"] },
  predictor_l2: { title: "l2 norm of the predictor", symbol: "‖β‖₂", needs: ["predictor", "oneOutput"] },
  population_l1: {
    title: "l1 population error",
    symbol: "‖β − β*‖₁",
    needs: ["predictor", "truePredictor", "oneOutput"],
  },
  population_l2: {
    title: "Population error",
    symbol: "‖β − β*‖₂²",
    needs: ["predictor", "truePredictor", "oneOutput"],
  },
  min_l1_distance: {
    title: "Distance to the minimum-l1 solution",
    symbol: "‖β − β_ℓ₁‖₁",
    needs: ["vector", "predictor", "solution", "oneOutput"],
  },
  min_l2_distance: {
    title: "Distance to the minimum-l2 solution",
    symbol: "‖β − β_ℓ₂‖₂",
    needs: ["predictor", "solution", "oneOutput"],
  },
  excess_l1: {
    title: "Excess l1 norm",
    symbol: "‖β‖₁ − ‖β_ℓ₁‖₁",
    needs: ["vector", "predictor", "solution", "oneOutput"],
  },
  excess_l2: {
    title: "Excess l2 norm",
    symbol: "‖β‖₂ − ‖β_ℓ₂‖₂",
    needs: ["predictor", "solution", "oneOutput"],
  },
  bias_gap: {
    title: "Distance to the minimizer of Q",
    symbol: "‖β − β_Q‖₂ / ‖β_Q‖₂",
    needs: ["implicitBias", "predictor", "solution", "oneOutput"],
  },
  effective_alpha: {
    title: "Scale from which the flow would end where descent does",
    symbol: "α_eff",
    needs: ["effectiveStart"],
  },
  effective_bias_gap: {
    title: "Distance to the minimizer of Q of the effective start",
    symbol: "‖β − β_eff‖₂ / ‖β_eff‖₂",
    needs: ["implicitBias", "effectiveStart", "predictor", "solution", "oneOutput"],
  },
  lasso_gap: {
    title: "Distance of the average predictor to the lasso",
    symbol: "‖β̄ − β_lasso(1/τ)‖₂ / ‖β_lasso‖₂",
    needs: ["averagePredictor"],
  },
  reconstruction_error: {
    title: "Reconstruction error",
    symbol: "‖β − β*‖₂ / ‖β*‖₂",
    needs: ["predictor", "truePredictor", "oneOutput"],
  },
  predictor_nuclear: { title: "Nuclear norm of the matrix", symbol: "‖W‖_*", needs: ["matrix"] },
  effective_rank: {
    title: "Effective rank of the matrix",
    symbol: "exp H(σ / Σσ)",
    needs: ["matrix"],
  },
  excess_nuclear: {
    title: "Excess nuclear norm",
    symbol: "‖W‖_* − min ‖W‖_*",
    needs: ["matrix", "solution"],
  },
  truth_excess_nuclear: {
    title: "Nuclear norm over that of the true matrix",
    symbol: "‖W‖_* − ‖W*‖_*",
    needs: ["matrix", "truePredictor"],
  },
  unobserved_drift: {
    title: "Change of entries that are not observed",
    symbol: "rms(W − W(0))",
    needs: ["matrix", "unobserved"],
  },
  gradient_alignment: {
    title: "Alignment of the gradient with the singular vectors",
    symbol: "mean |uᵢ · Gvᵢ| / mean |uᵢ · Gvⱼ|",
    needs: ["matrix"],
  },
  train_accuracy: {
    title: "Training accuracy",
    symbol: "share of samples that are right",
    needs: ["outputs"],
  },
  test_accuracy: {
    title: "Test accuracy",
    symbol: "share of test samples that are right",
    needs: ["outputs", "testSet"],
  },
  test_kernel_accuracy: {
    title: "Test accuracy of regression with the kernel at the start",
    symbol: "share of test samples right by K(0)",
    needs: ["layers", "testSet", "oneOutput"],
  },
  test_wide_kernel_accuracy: {
    title: "Test accuracy of regression with the infinitely wide kernel",
    symbol: "share of test samples right by K∞",
    needs: ["wideKernel", "testSet", "oneOutput"],
  },
  margin: { title: "Normalized margin", symbol: "min y f / ‖w‖₂^D", needs: ["outputs", "weights"] },
  l1_margin_gap: {
    title: "Distance of the l1 margin to its largest",
    symbol: "1 − γ₁(β) / max γ₁",
    needs: ["vector", "predictor", "outputs", "separable", "oneOutput"],
  },
  l2_margin_gap: {
    title: "Distance of the l2 margin to its largest",
    symbol: "1 − γ₂(β) / max γ₂",
    needs: ["vector", "predictor", "outputs", "separable", "oneOutput"],
  },
  path_norm: { title: "Path norm", symbol: "Σ over paths ∏ |w|", needs: ["layers"] },
  active_units: { title: "Active hidden units", symbol: "share of units", needs: ["rectifiers", "layers"] },
  activation_stability: {
    title: "ReLU signs as at initialization",
    symbol: "share of signs",
    needs: ["rectifiers", "layers"],
  },
  layer_activation_stability: {
    title: "ReLU signs as at initialization, mean over layers",
    symbol: "mean share of signs",
    needs: ["rectifiers", "layers"],
  },
  last_layer_distance: {
    title: "Distance of the last layer from initialization",
    symbol: "‖w_L − w_L(0)‖₂",
    needs: ["layers"],
  },
  weight_l1: { title: "l1 norm of the weights", symbol: "‖w‖₁", needs: ["weights"] },
  weight_l2: { title: "l2 norm of the weights", symbol: "‖w‖₂", needs: ["weights"] },
} satisfies Record<string, QuantityKind>;

export type QuantityName = keyof typeof catalogue;

export const quantityNames = Object.keys(catalogue) as QuantityName[];

/** What a quantity needs, by its name in documents. */
export const quantityNeeds = (name: string): readonly Need[] => catalogue[name as QuantityName].needs;
