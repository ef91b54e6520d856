// A layer of weights above the first, as its change since w(0), one network a run and copy:
//
//   dZ = D H0 + W dH,   H0 = [Z0]+,   H = [Z0 + dZ below]+,   dH = H - H0
//
//   base [runs, units, samples]: Z0, pre-activations at w(0)   z [runs, copies, units, capacity]: dZ; units are all
//   hidden ones and the output   D = state, W = weights: layers [fan_out, fan_in] from `offset` on
//   A kind of layer says what is multiplied: what a column of the product is, an invocation's own, and a term of its sums,
//   and where the numbers lie that they meet at (src/layers/dense/dense_forward.wgsl).
//
// So a change far smaller than what it changes keeps its digits, and where both copies start alike their difference
// cancels nothing. Where every unit below is inactive dZ = -Z0, so that Z is 0 and not what rounding leaves. Sums run over
// the layer below in index order, D H0 before W dH:
// |error| <= gamma(2 fan_in + 2) (|D| |H0| + |W| |dH|), and what the errors of dZ below make of it.

// use change
// use network
// use whole

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(5) var<storage, read> state: array<f32>;
@group(0) @binding(6) var<storage, read> weights: array<f32>;

struct Product {
  stream: u32,
  // First entries: Z0 and dZ below and above, D and W of the layer.
  base: u32,
  z: u32,
  base_above: u32,
  z_above: u32,
  state: u32,
  weights: u32,
  // What a loop reads again and again is read once.
  samples: u32,
  capacity: u32,
}

// A unit above: where its numbers begin in D and W, and in z.
struct Row {
  D: u32,
  W: u32,
  z: u32,
}

// D and W.
alias Left = vec2f;
// H0 and dH, with the bits of H.
alias Right = Change;
alias Sum = f32;

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  return Product(
    stream_of(network),
    (network.run * params.units + params.below) * params.samples,
    (network.own * params.units + params.below) * params.capacity,
    (network.run * params.units + params.above) * params.samples,
    (network.own * params.units + params.above) * params.capacity,
    network.run * params.stride + network.copy * params.parameters + params.offset,
    network.own * params.parameters + params.offset,
    params.samples,
    params.capacity,
  );
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_out - 1);
  let weights = unit * params.fan_in;
  return Row(product.state + weights, product.weights + weights, product.z_above + unit * positions_above() * params.capacity);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return vec2f(state[row.D + term.k], weights[row.W + term.k]);
}

fn add(product: Product, sum: Sum, left: Left, right: Right) -> Sum {
  return (sum + left.x * right.before) + left.y * right.moved;
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  put_z(row.z + z_above(column), sum);
}

// The bits of all activations below: none but zeros where nothing comes through.
alias Seen = u32;

fn see(seen: Seen, right: Right) -> Seen {
  return seen | right.bits;
}

// Seldom, so that it is a loop: Z is 0 where nothing comes through.
fn close(product: Product, first_row: u32, rows: u32, column: Column, seen: Seen) {
  let end = min(first_row + rows, params.fan_out);
  for (var unit = first_row; unit < end && seen == 0; unit++) {
    let row = unit * positions_above();
    let start = base_at(product.base_above + row * params.samples + base_above(column));
    put_z(product.z_above + row * params.capacity + z_above(column), -start);
  }
}
