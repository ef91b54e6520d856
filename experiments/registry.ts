import { chizatBachWidth } from "./chizat-bach-width.ts";
import { chizatFigure1 } from "./chizat-figure-1.ts";
import { chizatFigure3 } from "./chizat-figure-3.ts";
import { chizatFigure2a } from "./chizat-figure-2a.ts";
import { chizatFigure1c } from "./chizat-figure-1c.ts";
import { aroraFigure2 } from "./arora-figure-2.ts";
import { aroraFigure3 } from "./arora-figure-3.ts";
import { barron } from "./barron.ts";
import { digitsScale } from "./digits-scale.ts";
import { figure1 } from "./figure-1.ts";
import { figure11 } from "./figure-11.ts";
import { figure2 } from "./figure-2.ts";
import { figure3 } from "./figure-3.ts";
import { figure4 } from "./figure-4.ts";
import { figure5 } from "./figure-5.ts";
import { figure6 } from "./figure-6.ts";
import { figure7 } from "./figure-7.ts";
import { figure9 } from "./figure-9.ts";
import { figure9OneDataset } from "./figure-9-one-dataset.ts";
import { figure10 } from "./figure-10.ts";
import { flowLimits } from "./flow-limit.ts";
import { hiddenLayers } from "./hidden-layers.ts";
import { initialShape } from "./initial-shape.ts";
import { kernelAgainstWidth, lazyTraining } from "./relu-kernel.ts";
import { ratesInAlpha } from "./rates.ts";
import { catapult } from "./catapult.ts";
import { decayClock } from "./decay-clock.ts";
import { labelNoise } from "./label-noise.ts";
import { lassoPath } from "./lasso-path.ts";
import { largeSteps } from "./large-steps.ts";
import { margins } from "./margins.ts";
import { maps } from "./maps.ts";
import { matrixCommuting } from "./matrix-commuting.ts";
import { jacotComponents } from "./jacot-components.ts";
import { matrixConjecture } from "./matrix-conjecture.ts";
import { matrixRates } from "./matrix-rates.ts";
import { matrixUnbounded } from "./matrix-unbounded.ts";
import { matrixUnstable } from "./matrix-unstable.ts";
import { matrixWide } from "./matrix-wide.ts";
import { matrixWidth } from "./matrix-width.ts";
import type { Reproduction } from "./reproduction.ts";
import { saddleToSaddle } from "./saddles.ts";
import { smallBatches } from "./small-batches.ts";
import { stepPlane } from "./step-plane.ts";
import { stepPlaneRelu } from "./step-plane-relu.ts";
import { table1 } from "./table-1.ts";
import { theorem2 } from "./theorem-2.ts";
import { williamsSplines } from "./williams-splines.ts";
import { woodworthFigure1 } from "./woodworth-figure-1.ts";
import { woodworthFigure2 } from "./woodworth-figure-2.ts";
import { woodworthFigure3 } from "./woodworth-figure-3.ts";
import { woodworthFigure5 } from "./woodworth-figure-5.ts";
import { woodworthFigure6c } from "./woodworth-figure-6c.ts";
import { woodworthFigure6 } from "./woodworth-figure-6.ts";

/** Everything that `alphasweep reproduce` checks. A new reproduction is one file and one line here. */
export const reproductions: readonly Reproduction[] = [
  table1,
  figure1,
  figure2,
  figure3,
  figure4,
  figure5,
  figure6,
  figure7,
  figure11,
  flowLimits,
  woodworthFigure1,
  woodworthFigure2,
  woodworthFigure3,
  woodworthFigure6,
  woodworthFigure6c,
  chizatFigure1,
  chizatFigure1c,
  chizatFigure2a,
  chizatFigure3,
  digitsScale,
  chizatBachWidth,
  williamsSplines,
  jacotComponents,
  barron,
  initialShape,
  theorem2,
  ratesInAlpha,
  figure9,
  figure9OneDataset,
  figure10,
  hiddenLayers,
  kernelAgainstWidth,
  lazyTraining,
  matrixRates,
  matrixCommuting,
  matrixConjecture,
  matrixUnbounded,
  matrixUnstable,
  woodworthFigure5,
  matrixWidth,
  matrixWide,
  aroraFigure2,
  aroraFigure3,
  saddleToSaddle,
  lassoPath,
  stepPlane,
  stepPlaneRelu,
  catapult,
  largeSteps,
  smallBatches,
  labelNoise,
  decayClock,
  margins,
  maps,
];
