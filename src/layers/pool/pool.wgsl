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

// Pixels from `first` on: those of a window end before `end`; those past it up to `last`, which no window holds, go with the last
// window of a row or a column.
struct Window {
  first: vec2u,
  end: vec2u,
  last: vec2u,
}

fn window_of(window: u32) -> Window {
  let y = quotient(window, params.width_above);
  let own = vec2u(window - y * params.width_above, y);
  let first = own * params.window;
  let end = first + params.window;
  let is_last = own + 1 == vec2u(params.width_above, params.height_above);
  return Window(first, end, select(end, vec2u(params.width, params.height), is_last));
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

// The first largest pixel of a window, of the numbers that a shader's number_at gives.
fn largest_of(place: Place, window: Window, moved: bool) -> u32 {
  var largest = 0u;
  var most = 0u;
  for (var y = window.first.y; y < window.end.y; y++) {
    for (var x = window.first.x; x < window.end.x; x++) {
      let pixel = y * params.width + x;
      let bits = bits_of(number_at(place, pixel, moved));
      let is_first = all(vec2u(x, y) == window.first);
      largest = select(largest, pixel, is_first || bits > most);
      most = select(most, bits, is_first || bits > most);
    }
  }
  return largest;
}

// Whether a pixel is the window's, and not one that no window holds.
fn is_held(window: Window, x: u32, y: u32) -> bool {
  return x < window.end.x && y < window.end.y;
}
