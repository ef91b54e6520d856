export const SHAPES =
  'an initial shape of a network is "he", "fan-in-uniform", "xavier", {"std": a positive number or one per layer} or {"file": "w0.npy"}';

/** Initial shapes that are named. */
export const NAMED = ["he", "fan-in-uniform", "xavier"];
