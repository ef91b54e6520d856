/** Initial shapes of a diagonal model, for messages. */
export const SHAPES =
  'an initial shape of a diagonal model is "ones", {"std": a positive number} or {"file": "w0.npy"}';
