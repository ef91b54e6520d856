// Changes of signals back through one layer of ReLU networks since w(0):
//
//   B0 = 1[Z0 > 0] W0^T B0 above, B = 1 at the output (relu_signals_start.wgsl);   dB = B - B0 without cancelling: W^T dB + D^T B0
//   of those above where a unit is active before and after, W^T (B0 + dB) where it has become active, -B0 where it no longer is
//
//   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ   signals [runs, units, samples]: B0
//   changes [runs, copies, units, samples]: dB   TOP: the layer above is the output: W^T B is W, and D^T B0 is D.
//
// Sums run over the layer above in index order, W dB before D B0:
// |error| <= gamma(2 fan_out + 1) (|W|^T |dB| + |D|^T |B0|), and what the errors of dB above make of it.

// use activation
// use network
// use unseen
// use whole

override TOP: bool = false;

@group(0) @binding(1) var<storage, read> singles: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> base: array<f32>;
@group(0) @binding(5) var<storage, read> z: array<f32>;
@group(0) @binding(6) var<storage, read> signals: array<f32>;
@group(0) @binding(7) var<storage, read_write> changes: array<f32>;

struct Product {
  // The layer's D and W; first entries of Z0 and B0, and of dZ and dB.
  state: u32,
  weights: u32,
  start: u32,
  change: u32,
  // What a loop reads again and again is read once.
  fan_in: u32,
  samples: u32,
}

// A unit below: where its weights begin, and its row.
struct Row {
  D: u32,
  W: u32,
  row: u32,
}

// A sample.
alias Column = u32;

// A unit above.
struct Term {
  weight: u32,
  start: u32,
  change: u32,
}

// D and W; B0 and dB; W^T dB + D^T B0, and W^T B.
alias Left = vec2f;
alias Right = vec2f;
alias Sum = vec2f;

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  return Product(
    network.run * params.stride + network.copy * params.parameters + params.offset,
    network.own * params.parameters + params.offset,
    network.run * params.units * params.samples,
    network.own * params.units * params.samples,
    params.fan_in,
    params.samples,
  );
}

fn size_of(product: Product) -> Size {
  return Size(params.fan_in, params.samples, params.fan_out);
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_in - 1);
  return Row(product.state + unit, product.weights + unit, (params.below + unit) * params.samples);
}

fn column_of(product: Product, j: u32) -> Column {
  return min(j, params.samples - 1);
}

fn term_of(product: Product, k: u32) -> Term {
  let row = (params.above + k) * product.samples;
  return Term(k * product.fan_in, product.start + row, product.change + row);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return vec2f(state[row.D + term.weight], weights[row.W + term.weight]);
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  if (TOP) {
    return vec2f(1.0, 0.0);
  }
  return vec2f(signals[term.start + column], changes[term.change + column]);
}

fn add(product: Product, sum: Sum, left: Left, right: Right) -> Sum {
  if (TOP) {
    return left;
  }
  return vec2f((sum.x + left.y * right.y) + left.x * right.x, sum.y + left.y * (right.x + right.y));
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  let at = row.row + column;
  let before = base[product.start + at];
  let was_active = is_active(before);
  var value = select(0.0, -signals[product.start + at], was_active);
  if (is_active(before + z[product.change + at])) {
    value = select(sum.y, sum.x, was_active);
  }
  changes[product.change + at] = value;
}
