// What differs from run to run; as floats, in this order.
struct RunParameters {
  // 2 (step size) over the output scale, in the run's units.
  rate: f32,
  // beta over the product of displacement and slope, in the run's units.
  output_scale: f32,
  // 2 (step size) l2: what an update takes off each weight.
  decay: f32,
  // What decay alone adds to the conserved quantity, relatively.
  invariant_decay: f32,
  stop_loss: f32,
  // K0's largest weight: tangent kernels are kept relative to it.
  kernel_unit: f32,
  // Unit of w+ - w-, in units of the weights.
  displacement: f32,
}
