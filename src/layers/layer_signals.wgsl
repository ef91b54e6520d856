// Changes of signals back through a layer of weights since w(0), from each output:
//
//   B0 = 1[Z0 > 0] W0^T B0 above, B = 1 at the output (layer_signals_start.wgsl);   dB = B - B0 without cancelling: W^T dB + D^T B0
//   of those above where a unit is active before and after, W^T (B0 + dB) where it has become active, -B0 where it no longer is
//
//   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ   signals [runs, units, outputs, samples]: B0
//   changes [runs, copies, units, outputs, samples]: dB   TOP: the units above are outputs: W^T B is a row of W, and D^T B0 of D.
//
// Sums run over the layer above in index order, W dB before D B0:
// |error| <= gamma(2 fan_out + 1) (|W|^T |dB| + |D|^T |B0|), and what the errors of dB above make of it.

// use activation
// use network
// use unseen
// use whole

override TOP: bool = false;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> signals: array<f32>;
@group(0) @binding(7) var<storage, read_write> changes: array<f32>;

struct Product {
  // The layer's D and W; first entries of B0 and dB above.
  state: u32,
  weights: u32,
  start: u32,
  change: u32,
  // First rows of units at w(0), and of the copy's own.
  run: u32,
  own: u32,
  // What a loop reads again and again is read once.
  fan_in: u32,
  signals: u32,
}

// A unit below: where its weights begin, and its row.
struct Row {
  D: u32,
  W: u32,
  unit: u32,
}

// D and W; B0 and dB; W^T dB + D^T B0, and W^T B.
alias Left = vec2f;
alias Right = vec2f;
alias Sum = vec2f;

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  let run = network.run * params.units;
  let own = network.own * params.units;
  let signals = signals_of_unit();
  return Product(
    network.run * params.stride + network.copy * params.parameters + params.offset,
    network.own * params.parameters + params.offset,
    (run + params.above) * signals,
    (own + params.above) * signals,
    run,
    own,
    params.fan_in,
    signals,
  );
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return vec2f(state[row.D + term.weight], weights[row.W + term.weight]);
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  let met = meet(column, term);
  if (TOP) {
    return vec2f(f32(met & (term.k == output_of(column))), 0.0);
  }
  let above = above_of(column, term);
  return vec2f(select(0.0, signals[term.start + above], met), select(0.0, changes[term.change + above], met));
}

fn add(product: Product, sum: Sum, left: Left, right: Right) -> Sum {
  if (TOP) {
    return select(sum, left, right.x == 1.0);
  }
  return vec2f((sum.x + left.y * right.y) + left.x * right.x, sum.y + left.y * (right.x + right.y));
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  let unit = params.below + row.unit * positions_below();
  let start = product.run + unit;
  let change = product.own + unit;
  let sample = base_below(column);
  let signal = signal_below(column);
  let before = base[start * params.samples + sample];
  let was_active = is_active(before);
  var value = select(0.0, -signals[start * product.signals + signal], was_active);
  if (is_active(before + z[change * params.samples + sample])) {
    value = select(sum.y, sum.x, was_active);
  }
  changes[change * product.signals + signal] = value;
}
