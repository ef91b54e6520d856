// Minibatch orders of a block of epochs: a new order every epoch, the same on every machine (src/data/stream.ts).
//
// Sample i of epoch e has the 64-bit key Threefry-2x32-20(key = (seed, tag), counter = (e, i)), its first word the more
// significant (Salmon et al. 2011); the order lists the samples by rising key, ties by index. Without SORTED it is the samples' own.
// In the first `noisy_epochs` entries tell the sign of the noise on the label too: minus where the first bit of the key under
// `noise_tag` is set. An epoch uses every label once, so that each update has fresh noise.
//
//   keys [epochs, streams, samples, 2]   order [epochs, streams, samples], entries as in src/wgsl/order_entry.wgsl
//
// An invocation owns one sample (x) of one stream (y) in one epoch of the block (z). `draw` makes its key; `rank`
// counts the keys below its own: its place in the order.

// use order_entry
// use step

struct Params {
  samples: u32,
  streams: u32,
  tag: u32,
  noise_tag: u32,
  noisy_epochs: u32,
}

override SORTED: bool = true;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> seeds: array<u32>;
@group(0) @binding(3) var<storage, read_write> keys: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> order: array<u32>;

fn rotate(x: u32, bits: u32) -> u32 {
  return (x << bits) | (x >> (32 - bits));
}

fn mix4(x: vec2u, bits: vec4u) -> vec2u {
  var word = x;
  for (var round = 0u; round < 4; round++) {
    word.x += word.y;
    word.y = rotate(word.y, bits[round]) ^ word.x;
  }
  return word;
}

fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let schedule = array(key.x, key.y, 0x1bd11bdau ^ key.x ^ key.y);
  var x = counter + key;
  for (var group = 0u; group < 5; group++) {
    if (group % 2 == 0) {
      x = mix4(x, vec4u(13, 15, 26, 6));
    } else {
      x = mix4(x, vec4u(17, 29, 16, 24));
    }
    x += vec2u(schedule[(group + 1) % 3], schedule[(group + 2) % 3] + group + 1);
  }
  return x;
}

@compute @workgroup_size(64)
fn draw(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < params.samples) {
    let key = vec2u(seeds[id.y], params.tag);
    keys[(id.z * params.streams + id.y) * params.samples + id.x] = threefry(key, vec2u(step.index + id.z, id.x));
  }
}

@compute @workgroup_size(64)
fn rank(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.samples) {
    return;
  }
  let first = (id.z * params.streams + id.y) * params.samples;
  let own = keys[first + id.x];
  var place = id.x;
  if (SORTED) {
    place = 0;
    for (var i = 0u; i < params.samples; i++) {
      let other = keys[first + i];
      let below = other.x < own.x || (other.x == own.x && (other.y < own.y || (other.y == own.y && i < id.x)));
      place += u32(below);
    }
  }
  var entry = id.x;
  let epoch = step.index + id.z;
  if (epoch < params.noisy_epochs) {
    let draw = threefry(vec2u(seeds[id.y], params.noise_tag), vec2u(epoch, id.x));
    entry |= NOISY | (draw.x & NEGATIVE);
  }
  order[first + place] = entry;
}
