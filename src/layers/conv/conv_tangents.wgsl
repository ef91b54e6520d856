// Gradients of single samples by weights of a convolution, G = sum over positions of B H^T, as they are at w(0), G0, and their changes
// since:
//
//   dG = sum over positions of dB H + B0 dH,   H = H0 + dH
//
//   X transposed [data, inputs, samples]   base [runs, units, samples]: Z0   z [runs, copies, units, samples]: dZ
//   signals [runs, units, outputs, samples]: B0   changes [runs, copies, units, outputs, samples]: dB
//   tangents [slots, copies, weights, outputs, samples]: G0 and dG of `weight_count` weights from `first_weight` on, of `signal_count`
//   samples of outputs from `first_signal` on; slot k is entry first + k of the tile table. FIRST: the layer below is the input.
//   START: G0 alone; copies start alike. OWN: G0 is that of each copy's own weights as they are now, of which `base` [runs, copies, units,
//   samples] and `signals` [runs, copies, units, outputs, samples] are.
//
// A product is one sample of one output, a row a channel above, a column a weight of its, a term a position. Nothing cancels. Sums run
// over positions in order: |error| <= gamma(2 positions + 2) of the sum of absolute terms.

// use change
// use conv
// use network
// use unseen
// use whole

override FIRST: bool = false;
override START: bool = false;
override OWN: bool = false;

@group(0) @binding(1) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(2) var<storage, read> X: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> z: array<f32>;
@group(0) @binding(5) var<storage, read> signals: array<f32>;
@group(0) @binding(6) var<storage, read> changes: array<f32>;
@group(0) @binding(7) var<storage, read_write> tangents: array<vec2f>;

struct Product {
  // First entries: X or Z0 below, dZ below, B0, dB; and where the first weight's gradient goes.
  base: u32,
  z: u32,
  signals: u32,
  changes: u32,
  tangents: u32,
}

// A channel above: where its signals begin, and its first weight.
struct Row {
  signal: u32,
  weight: u32,
}

// A weight: what the first position would see by it, its place among the channel's, and in the window.
struct Column {
  at: u32,
  i: u32,
  pixel: vec2u,
}

// A position: where its signals lie among the channel's, and what its window's corner sees.
struct Term {
  signal: u32,
  at: u32,
  corner: vec2u,
}

// B0 and dB; H0 and dH; G0 and dG.
alias Left = vec2f;
alias Right = vec2f;
alias Sum = vec2f;

fn product_of(place: u32) -> Product {
  let own = params.first_signal + place % params.signal_count;
  let copy = place / params.signal_count;
  let network = network_of(params.first + copy / params.copies, copy % params.copies);
  let sample = own % params.samples;
  let start = select(network.run, network.own, OWN) * params.units;
  let moved = network.own * params.units;
  let each = signals_of_unit();
  return Product(
    select((start + params.below) * params.samples, inputs_of(network), FIRST) + sample,
    (moved + params.below) * params.samples + sample,
    (start + params.above) * each + own,
    (moved + params.above) * each + own,
    copy * params.weight_count * each + own,
  );
}

fn first_channel() -> u32 {
  return params.first_weight / params.fan_in;
}

fn size_of(product: Product) -> Size {
  let end = (params.first_weight + params.weight_count - 1) / params.fan_in + 1;
  return Size(end - first_channel(), params.fan_in, positions_above());
}

fn row_of(product: Product, i: u32) -> Row {
  let channel = min(first_channel() + i, params.fan_out - 1);
  return Row(channel * positions_above() * signals_of_unit(), channel * params.fan_in);
}

fn column_of(product: Product, j: u32) -> Column {
  let weight = min(j, params.fan_in - 1);
  let tap = tap_of(weight);
  let pixel = vec2u(tap.x, tap.y);
  return Column(pixel_of(tap.channel, pixel) * params.samples, weight, pixel);
}

fn term_of(product: Product, k: u32) -> Term {
  let corner = corner_of(k);
  return Term(k * signals_of_unit(), pixel_of(0, corner) * params.samples, corner);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  let at = row.signal + term.signal;
  if (START) {
    return vec2f(signals[product.signals + at], 0.0);
  }
  return vec2f(signals[product.signals + at], changes[product.changes + at]);
}

fn right_at(product: Product, column: Column, term: Term) -> Right {
  if (!is_pixel(term.corner + column.pixel)) {
    return Right();
  }
  let at = term.at + column.at;
  if (FIRST) {
    return vec2f(X[product.base + at], 0.0);
  }
  if (START) {
    return vec2f(activation(base[product.base + at]), 0.0);
  }
  let moved = change_of(base[product.base + at], z[product.z + at]);
  return vec2f(moved.before, moved.moved);
}

fn add(product: Product, sum: Sum, left: Left, right: Right) -> Sum {
  if (START) {
    return vec2f(sum.x + left.x * right.x, 0.0);
  }
  return vec2f(sum.x + left.x * right.x, sum.y + (left.y * (right.x + right.y) + left.x * right.y));
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  // Of those before the first, u32 wraps.
  let weight = row.weight + column.i - params.first_weight;
  if (weight < params.weight_count) {
    tangents[product.tangents + weight * signals_of_unit()] = sum;
  }
}
