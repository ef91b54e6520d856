/** Units of a layer, or channels, that no machine trains. */
export const mostUnits = 1e6;

/** Sides of a window, and zeros around an image. */
export const largestWindow = 4096;
