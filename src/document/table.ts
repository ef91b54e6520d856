/** A table as columns of equal length. */
export type Column = Float64Array | Int32Array | (string | number | boolean | null)[];

export interface Table {
  rows: number;
  columns: Record<string, Column>;
}
