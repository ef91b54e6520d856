/** A number with all its digits; small and large ones with an exponent. */
export const exactText = (value: number): string => {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential() : String(value);
};
