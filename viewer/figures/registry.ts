import type { Results } from "../../src/results/types.ts";
import { accuracyAgainstScale } from "./accuracy-against-scale.ts";
import { accuracyByDataset } from "./accuracy-by-dataset.ts";
import { activationStabilityAgainstScale } from "./activation-stability-against-scale.ts";
import { barron } from "./barron.ts";
import { completionAgainstObservations } from "./completion-against-observations.ts";
import { criticalScaleAgainstDepth } from "./critical-scale-against-depth.ts";
import { curvesThroughPoints } from "./curves-through-points.ts";
import { deconvolutionCourse, deconvolutionExcesses } from "./deconvolution.ts";
import { distancesAgainstAlpha } from "./distances-against-alpha.ts";
import { explicitAndImplicit } from "./explicit-and-implicit.ts";
import { excessL1AgainstAlpha } from "./excess-l1-against-alpha.ts";
import { type Figure, initialSettings, isShown } from "./figure.ts";
import { firstLayerFilters } from "./first-layer-filters.ts";
import { functionDistance } from "./function-distance.ts";
import { gradientDistanceAgainstScale } from "./gradient-distance-against-scale.ts";
import { imagePredictions } from "./image-predictions.ts";
import { implicitPotentials } from "./implicit-potentials.ts";
import { kernelChangeAgainstScale } from "./kernel-change-against-scale.ts";
import { kernelChangeAgainstWidth } from "./kernel-change-against-width.ts";
import { kernelDriftAgainstAlpha } from "./kernel-drift-against-alpha.ts";
import { kernelComponents } from "./kernel-components.ts";
import { largestRecoveringAlpha } from "./largest-recovering-alpha.ts";
import { kernelDrift } from "./kernel-drift.ts";
import { layerActivationStabilityAgainstScale } from "./layer-activation-stability-against-scale.ts";
import { leadingCoordinates } from "./leading-coordinates.ts";
import { linearDistance } from "./linear-distance.ts";
import { loss } from "./loss.ts";
import { lossAgainstParticles } from "./loss-against-particles.ts";
import { neurons } from "./neurons.ts";
import { normsAgainstScale } from "./norms-against-scale.ts";
import { otherQuantities } from "./other-quantities.ts";
import { phaseDiagram } from "./phase-diagram.ts";
import { populationErrorAgainstAlpha } from "./population-error-against-alpha.ts";
import { populationErrorMap } from "./population-error-map.ts";
import { potentialRatio } from "./potential-ratio.ts";
import { publishedAndExact } from "./published-and-exact.ts";
import { restAgainstWidth } from "./rest-against-width.ts";
import { historyRows } from "./runs.ts";
import { saddles } from "./saddles.ts";
import { scaleAndWidthMaps } from "./scale-and-width-maps.ts";
import { searchFound } from "./search-found.ts";
import { searchProbes } from "./search-probes.ts";
import { singularValues } from "./singular-values.ts";
import { studentsAgainstScale } from "./students-against-scale.ts";
import { surface } from "./surface.ts";
import { tangentKernel } from "./tangent-kernel.ts";
import { tangentKernels } from "./tangent-kernels.ts";
import { testErrorAgainstScale } from "./test-error-against-scale.ts";
import { weightDistance } from "./weight-distance.ts";

/** Every figure, in a page's usual order. A new figure is one file and one line here. */
export const figures: readonly Figure[] = [
  searchProbes,
  searchFound,
  weightDistance,
  linearDistance,
  loss,
  saddles,
  neurons,
  curvesThroughPoints,
  kernelComponents,
  restAgainstWidth,
  studentsAgainstScale,
  lossAgainstParticles,
  deconvolutionCourse,
  deconvolutionExcesses,
  barron,
  functionDistance,
  kernelDrift,
  kernelDriftAgainstAlpha,
  distancesAgainstAlpha,
  phaseDiagram,
  publishedAndExact,
  excessL1AgainstAlpha,
  populationErrorAgainstAlpha,
  populationErrorMap,
  leadingCoordinates,
  implicitPotentials,
  potentialRatio,
  explicitAndImplicit,
  largestRecoveringAlpha,
  accuracyAgainstScale,
  accuracyByDataset,
  normsAgainstScale,
  testErrorAgainstScale,
  criticalScaleAgainstDepth,
  kernelChangeAgainstScale,
  kernelChangeAgainstWidth,
  activationStabilityAgainstScale,
  layerActivationStabilityAgainstScale,
  gradientDistanceAgainstScale,
  firstLayerFilters,
  imagePredictions,
  completionAgainstObservations,
  singularValues,
  scaleAndWidthMaps,
  ...otherQuantities,
  tangentKernels,
  tangentKernel,
  surface,
];

/** The figures that results hold everything for, in the order of their page. */
export const figuresOf = (results: Results): Figure[] => inPageOrder(figures, results);

/** Of some figures, those that results hold everything for, each once. */
export function inPageOrder(some: readonly Figure[], results: Results): Figure[] {
  const shown = [...new Set(some)].filter((figure) => isShown(figure, results));
  if (hasCourses(results)) return shown;
  // Of a start and an end, what is drawn over training says the least.
  const areLast = new Set(shown.filter((figure) => isOverTraining(figure, results)));
  return [...shown.filter((figure) => !areLast.has(figure)), ...areLast];
}

/** Whether there is, or may yet be, something to see between the first record and the last. */
const hasCourses = (results: Results): boolean =>
  results.manifest.status === "running" ||
  historyRows(results).some((rows) => rows.length > 2) ||
  results.thinned !== undefined;

const isOverTraining = (figure: Figure, results: Results): boolean =>
  figure.brushes?.(initialSettings(figure.controls(results)), results) === "epoch";
