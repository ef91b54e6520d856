/** Height and width of a pattern. */
export const SIDE = 3;
