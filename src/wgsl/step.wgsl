// One training step's numbers, chosen by a dynamic offset (src/plan/clock.ts).
struct Step {
  // Updates before this one.
  index: u32,
  // The batch: entries start .. start + size of row `order` of the order table.
  start: u32,
  size: u32,
  order: u32,
  // 1 / size for a mean over the batch, 1 for a sum.
  scale: f32,
}
