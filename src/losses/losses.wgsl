// use logistic_loss
// use squared_loss

// The loss of one output that a run is trained on: its place in src/losses/registry.ts.
override LOSS: u32 = 0;

// Root of the loss, and its slope, of the output `first + change`. Of an output that is not finite neither is.
fn judged(first: f32, change: f32, label: f32) -> vec2f {
  if (LOSS == 1) {
    return logistic_loss(first, change, label);
  }
  return squared_loss(first, change, label);
}
