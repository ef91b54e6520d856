/** How much of a figure or table is trained: all that was published, or what the everyday tests train of it, in seconds. */
export const sizes = ["small", "full"] as const;
export type Size = (typeof sizes)[number];
