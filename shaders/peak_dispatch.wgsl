// What a dispatch costs that does next to nothing:  count <- count + 1
//
// One invocation; each dispatch needs the one before it, as training steps do, and the count tells how many ran.

struct Params {
  increment: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> count: array<u32>;

@compute @workgroup_size(1)
fn main() {
  count[0] += params.increment;
}
