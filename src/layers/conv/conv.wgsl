// Convolutions of images: every position above sees a window of positions below, zeros around them, moved on by a stride. No flip of
// the window. Places may lie before the start: u32 wraps, and what lies outside never meets:
// it is loaded from anywhere and chosen away, since a branch costs a software adapter as much as a load.

// use image

// Whether windows move on by more than a pixel.
override STRIDED: bool = false;

// Channels below.
fn channels_below() -> u32 {
  return params.fan_in / (params.window * params.window);
}

// A weight of a channel above: the channel below, and the place in the window.
struct Tap {
  channel: u32,
  y: u32,
  x: u32,
}

fn tap_of(weight: u32) -> Tap {
  let area = params.window * params.window;
  let channel = quotient(weight, area);
  let place = weight - channel * area;
  let y = quotient(place, params.window);
  return Tap(channel, y, place - y * params.window);
}

// The pixel of a channel below that the first of a position's weights sees.
fn corner_of(position: u32) -> vec2u {
  let y = quotient(position, params.width_above);
  return corner_at(position - y * params.width_above, y);
}

fn corner_at(x: u32, y: u32) -> vec2u {
  let first = vec2u(x, y);
  if (STRIDED) {
    return first * params.window_stride - params.padding;
  }
  return first - params.padding;
}

// A pixel's place among those of all channels below.
fn pixel_of(channel: u32, pixel: vec2u) -> u32 {
  return (channel * params.height + pixel.y) * params.width + pixel.x;
}

fn is_pixel(pixel: vec2u) -> bool {
  return (pixel.x < params.width) & (pixel.y < params.height);
}

// Whether a position above sees a pixel by a place of its window, and which: padded pixels less the place are whole strides.
fn reaches(apart: vec2u) -> bool {
  if (!STRIDED) {
    return (apart.x < params.width_above) & (apart.y < params.height_above);
  }
  let position = quotients(apart, params.window_stride);
  return all(position * params.window_stride == apart) & (position.x < params.width_above) & (position.y < params.height_above);
}

fn position_above(apart: vec2u) -> u32 {
  var position = apart;
  if (STRIDED) {
    position = quotients(apart, params.window_stride);
  }
  return position.y * params.width_above + position.x;
}

// Of a pixel below, with the zeros before it.
fn padded(position: u32) -> vec2u {
  let y = quotient(position, params.width);
  return vec2u(position - y * params.width, y) + params.padding;
}
