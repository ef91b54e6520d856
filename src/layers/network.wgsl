// use layer
// use tile

// Which network an entry of the tile table and a copy of it is.
struct Network {
  // Where the entry begins in the table.
  tile: u32,
  run: u32,
  copy: u32,
  // Its place among all copies of all runs.
  own: u32,
  // First row of the run in `signal`.
  row: u32,
}

fn network_of(entry: u32, copy: u32) -> Network {
  let tile = entry * TILE;
  let row = run_tiles[tile + 4];
  let run = row / params.channels;
  return Network(tile, run, copy, run * params.copies + copy, row);
}

// Copies of an entry lie beside each other.
fn network_of_copy(place: u32) -> Network {
  return network_of(place / params.copies, place % params.copies);
}

fn inputs_of(network: Network) -> u32 {
  return run_tiles[network.tile] * params.inputs * params.samples;
}

fn stream_of(network: Network) -> u32 {
  return run_tiles[network.tile + 2];
}
