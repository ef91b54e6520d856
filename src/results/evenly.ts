/** At most `count` of the items, evenly spaced, the first and the last among them. */
export const evenly = <T>(items: readonly T[], count: number): readonly T[] =>
  items.length <= count
    ? items
    : Array.from(
        { length: count },
        (_, k) => items[Math.round((k * (items.length - 1)) / Math.max(1, count - 1))],
      );
