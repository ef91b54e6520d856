// use order_entry
// use step

// Which sample is in a place of the batch. Minibatches go through the epoch's order, [epochs, streams, samples].

override SHUFFLED: bool = false;

// Places past the batch's end repeat the last.
fn sample_of(stream: u32, j: u32) -> u32 {
  let place = step.start + min(j, step.size - 1);
  if (SHUFFLED) {
    return SAMPLE & order[(step.order * params.streams + stream) * params.samples + place];
  }
  return place;
}
