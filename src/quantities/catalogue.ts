/** Every quantity that a record can hold: its name in documents and columns, and how axes and tables call it. */
export interface QuantityLabel {
  /** Plain words, for titles. */
  title: string;
  /** The field's symbol, for axis titles. */
  symbol: string;
}

export const catalogue = {
  loss: { title: "Training loss", symbol: "L(w)" },
  linear_loss: { title: "Training loss of the linearized model", symbol: "L(w̄)" },
  test_loss: { title: "Test loss", symbol: "test L(w)" },
  weight_distance: { title: "Distance from initialization", symbol: "‖w − w(0)‖₂" },
  linear_distance: { title: "Distance to the linearized weights", symbol: "‖w − w̄‖₂" },
  function_distance: { title: "Distance to the linearized function", symbol: "rms(f − f̄)" },
  ntk_drift: { title: "Relative change of the tangent kernel", symbol: "‖K − K(0)‖ / ‖K(0)‖" },
  ntk_alignment: { title: "Alignment of the tangent kernel with its start", symbol: "cos(K, K(0))" },
  ntk_misalignment: { title: "Misalignment of the tangent kernel", symbol: "1 − cos(K, K(0))" },
  ntk_change_lowest: {
    title: "Lowest entry of the tangent kernel's change",
    symbol: "min K − K(0)",
  },
  ntk_change_highest: {
    title: "Highest entry of the tangent kernel's change",
    symbol: "max K − K(0)",
  },
  ntk_label_alignment: {
    title: "Alignment of the tangent kernel with the labels",
    symbol: "yᵀK y / (‖y‖² ‖K‖)",
  },
  ntk_eigenvalue_1: { title: "Largest eigenvalue of the tangent kernel", symbol: "λ₁(K)" },
  ntk_eigenvalue_2: { title: "Second eigenvalue of the tangent kernel", symbol: "λ₂(K)" },
  ntk_eigenvalue_3: { title: "Third eigenvalue of the tangent kernel", symbol: "λ₃(K)" },
  flow_error: { title: "Drift of the flow's conserved quantity", symbol: "max |I/I(0) − 1|" },
  predictor_l1: { title: "l1 norm of the predictor", symbol: "‖β‖₁" },
  predictor_l2: { title: "l2 norm of the predictor", symbol: "‖β‖₂" },
  population_l1: { title: "l1 population error", symbol: "‖β − β*‖₁" },
  population_l2: { title: "Population error", symbol: "‖β − β*‖₂²" },
  min_l1_distance: { title: "Distance to the minimum-l1 solution", symbol: "‖β − β_ℓ₁‖₁" },
  min_l2_distance: { title: "Distance to the minimum-l2 solution", symbol: "‖β − β_ℓ₂‖₂" },
  excess_l1: { title: "Excess l1 norm", symbol: "‖β‖₁ − ‖β_ℓ₁‖₁" },
  excess_l2: { title: "Excess l2 norm", symbol: "‖β‖₂ − ‖β_ℓ₂‖₂" },
  bias_gap: { title: "Distance to the minimizer of Q", symbol: "‖β − β_Q‖₂ / ‖β_Q‖₂" },
  train_accuracy: { title: "Training accuracy", symbol: "share of y f > 0" },
  test_accuracy: { title: "Test accuracy", symbol: "share of test y f > 0" },
  test_kernel_accuracy: {
    title: "Test accuracy of regression with the kernel at the start",
    symbol: "share of test y f > 0 by K(0)",
  },
  test_wide_kernel_accuracy: {
    title: "Test accuracy of regression with the infinitely wide kernel",
    symbol: "share of test y f > 0 by K∞",
  },
  margin: { title: "Normalized margin", symbol: "min y f / ‖w‖₂ᴰ" },
  path_norm: { title: "Path norm", symbol: "Σ over paths ∏ |w|" },
  active_units: { title: "Active hidden units", symbol: "share of units" },
  activation_stability: { title: "ReLU signs as at initialization", symbol: "share of signs" },
  weight_l1: { title: "l1 norm of the weights", symbol: "‖w‖₁" },
  weight_l2: { title: "l2 norm of the weights", symbol: "‖w‖₂" },
} satisfies Record<string, QuantityLabel>;

export type QuantityName = keyof typeof catalogue;

export const quantityNames = Object.keys(catalogue) as QuantityName[];
