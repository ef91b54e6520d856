// How positions above lie, whose windows slide along an image: beside each other in a row of it, samples of the batch between.

// use image

const MIRRORED = false;

fn stretch_of(product: Product) -> Stretch {
  return Stretch(params.width_above, step.size);
}
