// Signals back through convolutions at w(0) (src/layers/layer_signals_start.wgsl): a row of the product is a channel below, a column a
// pixel of a sample of an output, a term a channel above and a place of its window.

// use conv_back
// use layer_signals_start

// Where the channel's weights and signals begin, and the place in the window.
struct Term {
  k: u32,
  W: u32,
  B0: u32,
  tap: vec2u,
}

fn row_of(product: Product, i: u32) -> Row {
  let channel = min(i, channels_below() - 1);
  return Row(product.weights + channel * params.window * params.window, channel);
}

fn term_of(product: Product, k: u32) -> Term {
  let tap = tap_of(k);
  return Term(
    tap.channel, tap.channel * product.fan_in + tap.y * params.window + tap.x,
    product.above + tap.channel * positions_above() * product.signals, vec2u(tap.x, tap.y));
}

// The place beside it.
fn term_after(product: Product, term: Term) -> Term {
  return Term(term.k, term.W + 1, term.B0, term.tap + vec2u(1, 0));
}
