// Why a run has stopped: horizon[2 run + 1]; 0 where it has not.
const CONVERGED = 1u;
const DIVERGED = 2u;
const FINISHED = 3u;
