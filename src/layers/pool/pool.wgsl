// Pooling of images: windows beside each other, of which the largest number is kept, the first where several are, or the mean.
// Pixels that no window holds are dropped. What comes in is rectified, or pooled of what was: numbers from 0 on, whose bits are in
// their order, with NaN past them all.

// use change
// use image
// use network

override MAX: bool = false;

fn area() -> u32 {
  return params.window * params.window;
}

// A pixel of a window above, counted row by row.
fn pixel_of(window: u32, place: u32) -> u32 {
  let y = window / params.width_above * params.window + place / params.window;
  let x = window % params.width_above * params.window + place % params.window;
  return y * params.width + x;
}

// The window that a pixel lies in; its y is beyond the last where there is none.
fn window_of(pixel: u32) -> vec2u {
  let window = vec2u(pixel % params.width, pixel / params.width) / params.window;
  return select(vec2u(0, params.height_above), window, window.x < params.width_above);
}

fn bits_of(value: f32) -> u32 {
  return bitcast<u32>(positive(value));
}

// Where a channel's numbers of a sample begin, at w(0) and their changes, and how far a pixel's lie from the next one's.
struct Place {
  base: u32,
  z: u32,
  base_apart: u32,
  z_apart: u32,
}

// Whether a pixel is the first largest of its window, of the numbers that a shader's number_at gives.
fn is_largest(place: Place, window: u32, pixel: u32, moved: bool) -> bool {
  let own = bits_of(number_at(place, pixel, moved));
  var largest = true;
  for (var k = 0u; k < area(); k++) {
    let other = pixel_of(window, k);
    let bits = bits_of(number_at(place, other, moved));
    largest = largest && !(bits > own || (bits == own && other < pixel));
  }
  return largest;
}
