// Pooling of images: windows beside each other, of which the largest number is kept, the first where several are, or the mean.
// Pixels that no window holds are dropped. What comes in is rectified, or pooled of what was: numbers from 0 on, whose bits are in
// their order, with NaN past them all.

// use change
// use image
// use network

override MAX: bool = false;
// Windows of 2 x 2 that hold every pixel: no loop walks them.
override FOUR: bool = false;

fn area() -> u32 {
  return params.window * params.window;
}

// Pixels of a row are those from x = `first` to `end`, of all rows those at or after `begin` and before `close`; pixels past them, up
// to `last` of a row and before `over` of all, which no window holds, go with the last window of a row or a column.
struct Window {
  first: u32,
  end: u32,
  last: u32,
  begin: u32,
  close: u32,
  over: u32,
}

fn window_of(x: u32, y: u32) -> Window {
  let first = x * params.window;
  let end = first + params.window;
  let top = y * params.window;
  let bottom = top + params.window;
  return Window(
    first, end, select(end, params.width, x + 1 == params.width_above), top * params.width + first, bottom * params.width,
    select(bottom, params.height, y + 1 == params.height_above) * params.width);
}

// A pixel of a window, and its place in the row.
struct Pixel {
  at: u32,
  x: u32,
}

// The one after it, row by row: one loop, since software adapters take longer for a loop's end than for what a pixel costs.
fn pixel_after(pixel: Pixel, first: u32, end: u32) -> Pixel {
  let x = pixel.x + 1;
  let is_over = x == end;
  return Pixel(select(pixel.at + 1, pixel.at + 1 + params.width - (end - first), is_over), select(x, first, is_over));
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

// Its first largest pixel, and what that is.
struct Largest {
  at: u32,
  bits: u32,
}

fn larger(largest: Largest, place: Place, pixel: u32, moved: bool) -> Largest {
  let bits = bits_of(number_at(place, pixel, moved));
  let is_larger = bits > largest.bits;
  return Largest(select(largest.at, pixel, is_larger), select(largest.bits, bits, is_larger));
}

// Of the numbers that a shader's number_at gives. Where none is above 0, none lets a signal through.
fn largest_of(place: Place, window: Window, moved: bool) -> Largest {
  var largest = Largest(window.begin, 0);
  if (FOUR) {
    largest = larger(largest, place, window.begin, moved);
    largest = larger(largest, place, window.begin + 1, moved);
    largest = larger(largest, place, window.begin + params.width, moved);
    return larger(largest, place, window.begin + params.width + 1, moved);
  }
  var pixel = Pixel(window.begin, window.first);
  for (; pixel.at < window.close; pixel = pixel_after(pixel, window.first, window.end)) {
    largest = larger(largest, place, pixel.at, moved);
  }
  return largest;
}
