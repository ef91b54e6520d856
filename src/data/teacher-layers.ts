import type { TeacherData } from "../document/types.ts";

/** How many numbers a unit of a teacher's layer takes, and how many units there are. */
export interface LayerSizes {
  fanIn: number;
  fanOut: number;
}

/** The layers of a teacher, the output's last. */
export const layersOf = ({ dimension, widths }: TeacherData): LayerSizes[] =>
  [...widths, 1].map((fanOut, layer) => ({ fanIn: layer === 0 ? dimension : widths[layer - 1], fanOut }));
