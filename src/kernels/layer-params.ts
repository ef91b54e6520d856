/** `struct Params` of kernels of one layer (src/wgsl/layer.wgsl). */
export const layerParams = {
  samples: "u32",
  test_samples: "u32",
  inputs: "u32",
  channels: "u32",
  capacity: "u32",
  streams: "u32",
  copies: "u32",
  units: "u32",
  outputs: "u32",
  stride: "u32",
  parameters: "u32",
  slope: "u32",
  first: "u32",
  offset: "u32",
  fan_in: "u32",
  fan_out: "u32",
  below: "u32",
  above: "u32",
} as const;

/** Of a kernel that does not ask for them. */
export const unusedParams = { test_samples: 0, slope: 0, first: 0 };
