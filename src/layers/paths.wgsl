// Sums over paths from the inputs to each unit of the product of absolute weights, a layer of networks at a time: what the layer makes of
// the sums below, its weights in absolute value, 1 at every input (FIRST).
//
//   paths [runs, copies, units]

// use network

override FIRST: bool = false;

fn paths_below(network: Network, unit: u32) -> f32 {
  if (FIRST) {
    return 1.0;
  }
  return paths[network.own * params.units + params.below + unit];
}

// Where a unit's sum is.
fn place_above(network: Network, unit: u32) -> u32 {
  return network.own * params.units + params.above + unit;
}
