// Where a flow is, run by run, and where all runs wait.
struct Progress {
  // Accepted steps, attempts, why the run stopped (0: it has not).
  steps: u32,
  attempts: u32,
  status: u32,
  // 1 while it waits for its record.
  waiting: u32,
  // Time in two parts, the proposed step, the loss at y.
  time: f32,
  time_rest: f32,
  h: f32,
  loss: f32,
  // Rounding alone makes losses below this rise and fall.
  floor: f32,
}

struct Target {
  // Every run waits once it has made these steps, or reached this time.
  steps: u32,
  time: f32,
  last_step: u32,
  last_time: f32,
}
