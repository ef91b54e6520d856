// Values that a layer of weights makes of what comes in, one network a run and copy:  Z = W H
//
//   z [runs, copies, units, capacity]: Z; units are all hidden ones and the output   W = state: layers [fan_out, fan_in]
//   from `offset` on   H = [Z below]+; FIRST: the input X transposed [data, inputs, samples]
//
// With W displacements from w(0), the first layer's change: the input does not change. With W weights at w(0), and `z` bound
// with copies = 1, pre-activations at w(0). A kind of layer says what is multiplied, as in src/layers/layer_forward.wgsl. Sums run over the layer below in index order: |error| <= gamma(fan_in) |W| |H|.

// use activation
// use minibatch
// use network
// use scalars
// use unseen
// use whole

override FIRST: bool = false;

@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> run_tiles: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(5) var<storage, read> state: array<f32>;

struct Product {
  stream: u32,
  // First entries: H, W, Z; and how far a unit below lies from the next.
  below: u32,
  state: u32,
  above: u32,
  apart: u32,
}

// A unit above: where its numbers begin in W and in z.
struct Row {
  W: u32,
  z: u32,
}

fn product_of(place: u32) -> Product {
  let network = network_of_copy(place);
  let rows = network.own * params.units;
  return Product(
    stream_of(network),
    select((rows + params.below) * params.capacity, inputs_of(network), FIRST),
    network.run * params.stride + network.copy * params.parameters + params.offset,
    (rows + params.above) * params.capacity,
    select(params.capacity, params.samples, FIRST),
  );
}

fn row_of(product: Product, i: u32) -> Row {
  let unit = min(i, params.fan_out - 1);
  return Row(product.state + unit * params.fan_in, product.above + unit * positions_above() * params.capacity);
}

fn left_at(product: Product, row: Row, term: Term) -> Left {
  return state[row.W + term.k];
}

fn put(product: Product, row: Row, column: Column, sum: Sum) {
  put_z(row.z + column.j, sum);
}
