// Rows and columns of a product that are samples.

// A sample, and its place, which past the end is that of the last.
struct Row {
  sample: u32,
  at: u32,
}

alias Column = Row;
