import type { QuantityName } from "./catalogue.ts";

/** How a quantity is defined, for the documentation. */
export interface Definition {
  /** LaTeX; symbols are those of docs/quantities.md's head. */
  formula: string;
  /** In terms of the data's own; "1" where it has none. */
  unit: string;
  /** What the formula does not say. */
  note?: string;
  /** Who measures it, or what it is from. */
  source?: string;
}

const woodworth = "Woodworth et al. 2020";
const ofSolutions = "\\operatorname*{argmin}_{Xb = y}";

/** Every quantity's definition. */
export const definitions: Record<QuantityName, Definition> = {
  loss: {
    formula: "L(w) = \\frac1N \\sum_{i=1}^N \\ell(f(w, x_i), y_i)",
    unit: "of the loss",
    note: "without the l2 penalty; the sum where `loss.reduction` is `sum`",
  },
  linear_loss: {
    formula: "L(\\bar w) = \\frac1N \\sum_{i=1}^N \\ell(\\bar f(\\bar w, x_i), y_i)",
    unit: "of the loss",
    note: "without the l2 penalty, which the linearized model has, too",
    source: "Chizat et al. 2019",
  },
  peak_loss: {
    formula: "\\max_{s \\le t} L(w(s))",
    unit: "of the loss",
    note: "over all updates, not only over records",
    source: "Lewkowycz et al. 2020",
  },
  test_loss: {
    formula: "\\frac1M \\sum_{i=1}^M \\ell(f(w, x'_i), y'_i)",
    unit: "of the loss",
    note: "over the M test samples",
  },
  weight_distance: {
    formula: "\\lVert w - w(0) \\rVert_2",
    unit: "of weights",
    source: "Chizat et al. 2019",
  },
  linear_distance: {
    formula: "\\lVert w - \\bar w \\rVert_2",
    unit: "of weights",
    note: "both trained on the same minibatches",
  },
  function_distance: {
    formula:
      "\\Bigl( \\frac1N \\sum_{i=1}^N \\lVert f(w, x_i) - \\bar f(\\bar w, x_i) \\rVert_2^2 \\Bigr)^{1/2}",
    unit: "of targets",
  },
  ntk_drift: {
    formula: "\\frac{\\lVert K - K(0) \\rVert_F}{\\lVert K(0) \\rVert_F}",
    unit: "1",
    source: "Jacot et al. 2018; Chizat et al. 2019",
  },
  ntk_alignment: {
    formula: "\\frac{\\langle K, K(0) \\rangle_F}{\\lVert K \\rVert_F \\lVert K(0) \\rVert_F}",
    unit: "1",
  },
  ntk_misalignment: {
    formula: "1 - \\frac{\\langle K, K(0) \\rangle_F}{\\lVert K \\rVert_F \\lVert K(0) \\rVert_F}",
    unit: "1",
    note: "built from K − K(0), so that it does not round to 0",
  },
  ntk_change_lowest: { formula: "\\min_{i,j} (K - K(0))_{ij}", unit: "of K" },
  ntk_change_highest: { formula: "\\max_{i,j} (K - K(0))_{ij}", unit: "of K" },
  ntk_label_alignment: {
    formula: "\\frac{y^\\top K y}{\\lVert y \\rVert_2^2 \\lVert K \\rVert_F}",
    unit: "1",
  },
  ntk_eigenvalue_1: { formula: "\\lambda_1(K)", unit: "of K", note: "by 48 Lanczos steps" },
  sharpness: {
    formula: "\\frac{\\eta \\lambda_1(K)}{N}",
    unit: "1",
    note: "of the mean squared loss without penalty; in general the step size over the one past which the linearization at w diverges",
    source: "Cohen et al. 2021",
  },
  ntk_eigenvalue_2: { formula: "\\lambda_2(K)", unit: "of K", note: "by 48 Lanczos steps" },
  ntk_eigenvalue_3: { formula: "\\lambda_3(K)", unit: "of K", note: "by 48 Lanczos steps" },
  ntk_eigenvalue_outputs: { formula: "\\lambda_O(K)", unit: "of K", note: "O the number of outputs" },
  ntk_eigenvalue_beyond: { formula: "\\lambda_{O+1}(K)", unit: "of K", note: "O the number of outputs" },
  ntk_spectral_gap: {
    formula: "\\frac{\\lambda_O(K)}{\\lambda_{O+1}(K)}",
    unit: "1",
    note: "O the number of outputs",
  },
  gradient_distance: {
    formula: "1 - \\frac{\\langle J, J(0) \\rangle_F}{\\lVert J \\rVert_F \\lVert J(0) \\rVert_F}",
    unit: "1",
    note: "J the Jacobian of the training outputs by the weights",
    source: `${woodworth}, Figure 6`,
  },
  flow_error: {
    formula: "\\max_i \\Bigl\\lvert \\frac{I_i}{I_i(0)} - 1 \\Bigr\\rvert",
    unit: "1",
    note: "I is what the flow conserves: w₊ + w₋ (D = 1), w₊ w₋ (D = 2), w₊²⁻ᴰ + w₋²⁻ᴰ (D ≥ 3); of one hidden layer |u|² − |v|², over the initial |u|² + |v|²; of factors the differences of their squares",
  },
  predictor_l1: { formula: "\\lVert \\beta \\rVert_1", unit: "of β", source: woodworth },
  predictor_l2: { formula: "\\lVert \\beta \\rVert_2", unit: "of β", source: woodworth },
  population_l1: { formula: "\\lVert \\beta - \\beta^* \\rVert_1", unit: "of β" },
  population_l2: {
    formula: "\\lVert \\beta - \\beta^* \\rVert_2^2",
    unit: "of β, squared",
    note: "the excess risk on standard normal inputs",
    source: `${woodworth}, Figure 1`,
  },
  min_l1_distance: {
    formula: `\\lVert \\beta - \\beta_{\\ell_1} \\rVert_1, \\quad \\beta_{\\ell_1} = ${ofSolutions} \\lVert b \\rVert_1`,
    unit: "of β",
    source: woodworth,
  },
  min_l2_distance: {
    formula: `\\lVert \\beta - \\beta_{\\ell_2} \\rVert_2, \\quad \\beta_{\\ell_2} = ${ofSolutions} \\lVert b \\rVert_2`,
    unit: "of β",
    source: woodworth,
  },
  excess_l1: {
    formula: "\\lVert \\beta \\rVert_1 - \\lVert \\beta_{\\ell_1} \\rVert_1",
    unit: "of β",
    source: `${woodworth}, Figure 1`,
  },
  excess_l2: { formula: "\\lVert \\beta \\rVert_2 - \\lVert \\beta_{\\ell_2} \\rVert_2", unit: "of β" },
  bias_gap: {
    formula: `\\frac{\\lVert \\beta - \\beta_Q \\rVert_2}{\\lVert \\beta_Q \\rVert_2}, \\quad \\beta_Q = ${ofSolutions} Q(b)`,
    unit: "1",
    note: "Q of the run's alpha and initial shape; with output scaling at the weight scale alpha^(1/D)",
    source: `${woodworth}, Theorems 1 and 3`,
  },
  effective_alpha: {
    formula:
      "\\Bigl( \\prod_{j=1}^n \\frac{a_{\\mathrm{eff}, j}}{w_{0, j}} \\Bigr)^{1/n}, \\quad \\ln a_{\\mathrm{eff}} = \\ln a + \\tfrac12 \\sum \\ln \\lvert 1 - g^2 \\rvert",
    unit: "of weights",
    note: "a step multiplies w₊ and w₋ by 1 − g and 1 + g",
    source: "Even et al. 2023, Theorem 1",
  },
  effective_bias_gap: {
    formula:
      "\\frac{\\lVert \\beta - \\beta_{\\mathrm{eff}} \\rVert_2}{\\lVert \\beta_{\\mathrm{eff}} \\rVert_2}",
    unit: "1",
    note: "β_eff is where the flow would end from the effective start of `effective_alpha`",
    source: "Even et al. 2023, Theorem 1",
  },
  lasso_gap: {
    formula:
      "\\frac{\\lVert \\bar\\beta - b_\\tau \\rVert_2}{\\lVert b_\\tau \\rVert_2}, \\quad b_\\tau = \\operatorname*{argmin}_b L(b) + \\tfrac1\\tau \\lVert b \\rVert_1",
    unit: "1",
    note: "the mean of β over training so far, on the clock τ of the saddles; empty before the first input is on",
    source: "Berthier 2025",
  },
  reconstruction_error: {
    formula: "\\frac{\\lVert \\beta - \\beta^* \\rVert_2}{\\lVert \\beta^* \\rVert_2}",
    unit: "1",
    note: "of a matrix, in the Frobenius norm",
    source: "Arora et al. 2019, Figure 2",
  },
  predictor_nuclear: {
    formula: "\\lVert W \\rVert_* = \\sum_i \\sigma_i(W)",
    unit: "of W",
    source: "Gunasekar et al. 2017",
  },
  effective_rank: {
    formula: "\\exp\\Bigl( -\\sum_i p_i \\ln p_i \\Bigr), \\quad p_i = \\frac{\\sigma_i}{\\sum_j \\sigma_j}",
    unit: "1",
    note: "empty where W = 0",
    source: "Roy & Vetterli 2007",
  },
  excess_nuclear: {
    formula: "\\lVert W \\rVert_* - \\min_{\\langle A_i, V \\rangle = y_i} \\lVert V \\rVert_*",
    unit: "of W",
    note: "how certain the least norm is, the manifest says",
    source: "Gunasekar et al. 2017",
  },
  truth_excess_nuclear: { formula: "\\lVert W \\rVert_* - \\lVert W^* \\rVert_*", unit: "of W" },
  unobserved_drift: {
    formula: "\\Bigl( \\frac1{\\lvert U \\rvert} \\sum_{(i,j) \\in U} (W - W(0))_{ij}^2 \\Bigr)^{1/2}",
    unit: "of W",
    note: "U the entries that are not observed",
  },
  gradient_alignment: {
    formula:
      "\\frac{\\operatorname{mean}_i \\lvert u_i^\\top G v_i \\rvert}{\\operatorname{mean}_{i \\ne j} \\lvert u_i^\\top G v_j \\rvert}",
    unit: "1",
    note: "G the loss's gradient in W, u and v its singular vectors",
    source: "Arora et al. 2019, Figure 3",
  },
  train_accuracy: {
    formula: "\\frac1N \\sum_{i=1}^N [ y_i f(w, x_i) > 0 ]",
    unit: "1",
    note: "of several outputs, that the largest is the class's; an output of 0 is wrong",
  },
  test_accuracy: {
    formula: "\\frac1M \\sum_{i=1}^M [ y'_i f(w, x'_i) > 0 ]",
    unit: "1",
    note: "over the M test samples, as `train_accuracy`",
  },
  test_kernel_accuracy: {
    formula: "\\frac1M \\sum_{i=1}^M [ y'_i k(x'_i)^\\top K(0)^{-1} y > 0 ]",
    unit: "1",
    note: "k the tangent kernel at w(0) between a test and the training inputs",
    source: "Wei et al. 2019",
  },
  test_wide_kernel_accuracy: {
    formula: "\\frac1M \\sum_{i=1}^M [ y'_i k_\\infty(x'_i)^\\top K_\\infty^{-1} y > 0 ]",
    unit: "1",
    note: "of the infinitely wide network, in closed form",
    source: "Wei et al. 2019",
  },
  margin: {
    formula: "\\frac{\\min_i y_i f(w, x_i)}{\\lVert w \\rVert_2^D}",
    unit: "of inputs",
    note: "of several outputs the class's less the largest other one",
  },
  l1_margin_gap: {
    formula:
      "1 - \\frac{\\gamma_1(\\beta)}{\\max_b \\gamma_1(b)}, \\quad \\gamma_1(b) = \\frac{\\min_i y_i b^\\top x_i}{\\lVert b \\rVert_1}",
    unit: "1",
    source: "Moroshko et al. 2020",
  },
  l2_margin_gap: {
    formula:
      "1 - \\frac{\\gamma_2(\\beta)}{\\max_b \\gamma_2(b)}, \\quad \\gamma_2(b) = \\frac{\\min_i y_i b^\\top x_i}{\\lVert b \\rVert_2}",
    unit: "1",
    source: "Moroshko et al. 2020",
  },
  path_norm: {
    formula: "\\sum_{\\text{paths}} \\prod_{l=1}^D \\lvert W_l \\rvert",
    unit: "of weights, to the power D",
    note: "over all paths from an input to an output; of both copies where unbiased. Positions that share a weight are paths of their own; through a pool leads one from every pixel of a window, of weight 1 where it keeps the largest, of 1 over their number where it keeps the mean",
    source: "Neyshabur et al. 2015; of pools Gonon et al. 2024",
  },
  active_units: {
    formula: "\\frac1H \\sum_{j=1}^H [ \\max_i z_j(x_i) > 0 ]",
    unit: "1",
    note: "of the H hidden units, those active on a training input at least",
  },
  activation_stability: {
    formula:
      "\\frac1{HN} \\sum_{j=1}^H \\sum_{i=1}^N [ \\operatorname{sign} z_j(x_i) = \\operatorname{sign} z_j(0, x_i) ]",
    unit: "1",
    note: "z the hidden units' inputs, z(0, ·) those at w(0); a sign is whether it is above 0",
    source: "Chizat et al. 2019",
  },
  layer_activation_stability: {
    formula:
      "\\operatorname{mean}_l \\frac1{H_l N} \\sum_{j=1}^{H_l} \\sum_{i=1}^N [ \\operatorname{sign} z_{lj}(x_i) = \\operatorname{sign} z_{lj}(0, x_i) ]",
    unit: "1",
    note: "every layer counts alike, however wide",
    source: "Chizat et al. 2019",
  },
  last_layer_distance: {
    formula: "\\lVert w_L - w_L(0) \\rVert_2",
    unit: "of weights",
    note: "w_L the weights to the outputs, of both copies where a network has two",
  },
  weight_l1: { formula: "\\lVert w \\rVert_1", unit: "of weights" },
  weight_l2: { formula: "\\lVert w \\rVert_2", unit: "of weights" },
};
