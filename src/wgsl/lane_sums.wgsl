// Sums over the lanes of a workgroup, half of them added to the other half until one is left: log2 LANES additions one after the
// other, in the same order always. A shader says what is summed, `alias LaneSum`, and how many lanes there are, LANES.

var<workgroup> lane_sums: array<LaneSum, LANES>;

// Leaves the sum in lane_sums[0]: lane 0 may read it, others after a barrier.
fn add_lanes(lane: u32, own: LaneSum) {
  lane_sums[lane] = own;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      lane_sums[lane] += lane_sums[lane + half];
    }
  }
}
