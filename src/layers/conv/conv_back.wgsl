// Columns of a product that are pixels of a sample of an output, and how they meet terms that are places of windows of channels above.

// use conv

// A pixel of a sample of an output: its places among a channel's signals, among samples, and of all positions' signals.
struct Column {
  signal: u32,
  base: u32,
  own: u32,
  pixel: vec2u,
}

// Pixels lie beside each other, samples of every output between; a place of a window further on is the position before.
const MIRRORED = true;

fn stretch_of(product: Product) -> Stretch {
  return Stretch(params.width, product.signals);
}

fn size_of(product: Product) -> Size {
  return Size(
    channels_below(), positions_below() * product.signals, params.fan_out * params.window * params.window);
}

fn column_of(product: Product, j: u32) -> Column {
  let place = min(j, positions_below() * product.signals - 1);
  let position = place / product.signals;
  let own = place - position * product.signals;
  return Column(place, position * params.samples + own % params.samples, own, padded(position));
}

// The pixel beside it.
fn column_after(product: Product, column: Column) -> Column {
  return Column(
    column.signal + product.signals, column.base + params.samples, column.own, column.pixel + vec2u(1, 0));
}

fn meet(column: Column, term: Term) -> bool {
  return reaches(column.pixel - term.tap);
}

fn above_of(column: Column, term: Term) -> u32 {
  return position_above(column.pixel - term.tap) * signals_of_unit() + column.own;
}

fn base_below(column: Column) -> u32 {
  return column.base;
}

fn signal_below(column: Column) -> u32 {
  return column.signal;
}

fn output_of(column: Column) -> u32 {
  return column.own / params.samples;
}
