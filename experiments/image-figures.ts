/** What networks on images are looked at with, over the scale of their start. */
export const imageFigures = [
  "accuracy-against-scale",
  "layer-activation-stability-against-scale",
  "first-layer-filters",
  "image-predictions",
];
