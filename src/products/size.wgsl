// Of one product.
struct Size {
  rows: u32,
  columns: u32,
  terms: u32,
}

// How columns lie that slide a window (src/products/windows.wgsl): how many a row of an image has, and how far each is from the next.
struct Stretch {
  columns: u32,
  apart: u32,
}
