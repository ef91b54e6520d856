// A group of four rows, of which each of four neighbours brings one: its own first, then those of its neighbours: row `lane ^ q`
// is the q-th.

enable subgroups;

fn traded(own: Left) -> FourLefts {
  return FourLefts(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
}
