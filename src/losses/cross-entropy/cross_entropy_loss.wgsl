// use finite
// use log1p

// Root and slope of log(sum over outputs k of exp(f_k - f_c)) by one of the outputs, c the class: the loss is the class's own,
// the roots of the other outputs are 0. The shader says
//
//   Place                              a sample
//   moved_of(place, output, twin)      the start and the change of one of its outputs, of the model or of its linearization
//   label_of(place, output)            1 of its class, 0 of the others
//
// With z_k = f_k - f_c and the largest z: loss = z + log1p(sum over the others of exp(z_k - z)); slopes are the outputs' shares p_k,
// that of the class minus the sum of the others': nothing cancels, and a small loss keeps its digits. exp is off by 3 + 2 |x| units in
// the last place: relative error <= gamma(2 outputs + 240) where |z_k| <= 100. Of outputs that are not finite neither is.
fn cross_entropy_loss(place: Place, outputs: u32, output: u32, twin: bool) -> vec2f {
  var class_of = 0u;
  for (var k = 0u; k < outputs; k++) {
    if (label_of(place, k) > 0.5) {
      class_of = k;
    }
  }
  let own = moved_of(place, class_of, twin);
  var largest = 0.0;
  var largest_at = class_of;
  var bad = 0.0;
  for (var k = 0u; k < outputs; k++) {
    let moved = moved_of(place, k, twin);
    let z = (moved.x - own.x) + (moved.y - own.y);
    if (z > largest) {
      largest = z;
      largest_at = k;
    }
    if (!is_finite(moved.x + moved.y)) {
      bad = moved.x + moved.y;
    }
  }
  // Sums over all but the largest, and over all but the class.
  var rest = 0.0;
  var others = 0.0;
  var share = 0.0;
  for (var k = 0u; k < outputs; k++) {
    let moved = moved_of(place, k, twin);
    let term = exp(((moved.x - own.x) + (moved.y - own.y)) - largest);
    if (k != largest_at) {
      rest += term;
    }
    if (k != class_of) {
      others += term;
    }
    if (k == output) {
      share = term;
    }
  }
  let is_class = output == class_of;
  let slope = select(share, -others, is_class) / (1.0 + rest);
  let root = select(0.0, sqrt(largest + log1p(rest)), is_class);
  return select(vec2f(bad), vec2f(root, slope), is_finite(bad) && bad == 0.0);
}
