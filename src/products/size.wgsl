// Of one product.
struct Size {
  rows: u32,
  columns: u32,
  terms: u32,
}
