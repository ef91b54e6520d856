/**
 * What theory says about gradient flow on diagonal networks and matrix models, interpolation, kernels and splines, in float64 on the
 * CPU: the curves that measured points are drawn against. Runs in Node and in pages; only `minimumL1`, `richLimit`, `maximumL1Margin` and `uniquenessMargin` load WebAssembly.
 */
export {
  barronBound,
  drawGaussianUnit,
  drawnGaussianError,
  gaussianBarronConstant,
  gaussianUnits,
  type GaussianUnits,
} from "./barron.ts";
export {
  biasMinimizer,
  biasMinimizers,
  type BiasMinimizer,
  type MinimizerOptions,
} from "./bias-minimizer.ts";
export { commutingFlow, diagonalStart, type IdentityStart } from "./commuting-flow.ts";
export { decayedAlpha, decayTime } from "./decay-clock.ts";
export {
  deconvolutionDraw,
  type DeconvolutionDraw,
  deconvolutionExcess,
  deconvolutionSteps,
  deconvolutionSuccess,
  evenParticles,
} from "./deconvolution-draws.ts";
export { dualFlow, type DualFlow, type DualFlowOptions } from "./dual-flow.ts";
export type { FlowPoint } from "./dual-flow-state.ts";
export { EffectiveStart, expectedShrinkage } from "./effective-start.ts";
export { ConvergenceError, InfeasibleError } from "./errors.ts";
export { escapeTime } from "./escape-time.ts";
export { explicitBias, explicitPotential } from "./explicit-bias.ts";
export { flowWeights } from "./flow-weights.ts";
export {
  implicitBias,
  implicitBiasGradient,
  implicitPotential,
  implicitPotentialSlope,
} from "./implicit-bias.ts";
export type { ApartInitialization, Initialization } from "./initialization.ts";
export { componentDecay, type KernelComponents, kernelComponents } from "./kernel-components.ts";
export { type KernelFlow, kernelFlow } from "./kernel-flow.ts";
export {
  kernelPredictor,
  type KernelPredictor,
  type KernelPredictorOptions,
  signAccuracy,
} from "./kernel-predictor.ts";
export { lasso } from "./lasso.ts";
export { kernelLimit, richLimit } from "./limits.ts";
export { setLinearProgramRuntime } from "./linear-program.ts";
export type { LinearSystem } from "./linear-system.ts";
export { matrixConstraints, type MatrixConstraints, type MatrixProblem } from "./matrix-constraints.ts";
export { matrixFlow, type MatrixFlowOptions, type MatrixFlowPoint, type MatrixStart } from "./matrix-flow.ts";
export { matrixKernelLimit } from "./matrix-kernel.ts";
export { type MaximumMargin, maximumL1Margin, maximumL2Margin } from "./maximum-margin.ts";
export { minimumFrobenius } from "./minimum-frobenius.ts";
export { minimumL1, type MinimumL1 } from "./minimum-l1.ts";
export { minimumL2, type MinimumL2 } from "./minimum-l2.ts";
export { minimumNuclear, type MinimumNuclear, type MinimumNuclearOptions } from "./minimum-nuclear.ts";
export { oneMode } from "./one-mode.ts";
export { biasGap, populationErrors, solutionDistances } from "./predictor-distances.ts";
export { inverseProfile, inverseProfileAngle, profile, profileSlopeAtZero } from "./profile.ts";
export { type DenseNetwork, networkKernel, networkOutputs } from "./network-kernel.ts";
export { heDeviations, type ReluInitialization, reluTangentKernel } from "./relu-tangent-kernel.ts";
export { type ErrorAt, firstCrossing, largestRecoveringScale, recoveryError } from "./recovery.ts";
export { averageAlongSaddles, type Saddle, saddleClock, saddleJumps } from "./saddle-jumps.ts";
export { rowSpace, type RowSpace } from "./row-space.ts";
export {
  singularBiasMinimizer,
  singularBiasMinimizers,
  type SingularBiasMinimizer,
} from "./singular-bias-minimizer.ts";
export { matrixEscapeTime, razinCohenBound, singularValueVelocities } from "./singular-value-dynamics.ts";
export { effectiveRank, nuclearNorm, singularValues } from "./singular-values.ts";
export { catapultEnd, flowTime, type StepEdges, stepEdges, stepSharpness } from "./step-edges.ts";
export {
  conicParticleDescent,
  type ConicDescentOptions,
  type Deconvolution,
  deconvolutionGap,
  deconvolutionObjective,
  deconvolutionSignal,
  type Particles,
} from "./sparse-deconvolution.ts";
export { sufficientScales, type SufficientScales } from "./sufficient-scales.ts";
export { meanTurn, teacherAlignment, type TeacherAlignment, type Units } from "./teacher-alignment.ts";
export { isUnique, uniquenessMargin } from "./uniqueness.ts";
export {
  type Interpolant,
  kernelSpline,
  type LayerShares,
  linearSpline,
  univariateKernel,
  type UnivariatePoints,
} from "./univariate-splines.ts";
