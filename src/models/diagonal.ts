import * as v from "valibot";

export const diagonal = {
  kind: "diagonal",
  schema: v.strictObject({
    kind: v.literal("diagonal"),
    depth: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 2),
  }),
} as const;
