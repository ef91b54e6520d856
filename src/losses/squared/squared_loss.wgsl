// Root and slope of (f - y)^2, f = first + change: |error| of the residual <= 2u (|first| + |label| + |change|).

fn squared_loss(first: f32, change: f32, label: f32) -> vec2f {
  let residual = (first - label) + change;
  return vec2f(residual, 2.0 * residual);
}
