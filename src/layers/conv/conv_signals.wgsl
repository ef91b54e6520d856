// Changes of signals back through convolutions since w(0) (src/layers/layer_signals.wgsl): a row of the product is a channel below, a
// column a pixel of a sample of an output, a term a channel above and a place of its window.

// use conv_back
// use layer_signals

// Where the channel's weights and signals begin, and the place in the window.
struct Term {
  k: u32,
  weight: u32,
  start: u32,
  change: u32,
  tap: vec2u,
}

fn row_of(product: Product, i: u32) -> Row {
  let channel = min(i, channels_below() - 1);
  let first = channel * params.window * params.window;
  return Row(product.state + first, product.weights + first, channel);
}

fn term_of(product: Product, k: u32) -> Term {
  let tap = tap_of(k);
  let row = tap.channel * positions_above() * product.signals;
  return Term(
    tap.channel, tap.channel * product.fan_in + tap.y * params.window + tap.x, product.start + row,
    product.change + row, vec2u(tap.x, tap.y));
}

// The place beside it.
fn term_after(product: Product, term: Term) -> Term {
  return Term(term.k, term.weight + 1, term.start, term.change, term.tap + vec2u(1, 0));
}
