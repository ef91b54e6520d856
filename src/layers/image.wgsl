// Positions of layers whose units lie on images.

// use layer

fn positions_below() -> u32 {
  return params.height * params.width;
}

fn positions_above() -> u32 {
  return params.height_above * params.width_above;
}
