/** Sizes that no machine finishes: they are refused before anything is allocated for them. */

export const mostRuns = 1e6;
export const mostEpochs = 1e9;
export const mostRecordsOfARun = 1e7;
export const mostRecords = 1e10;
/** Numbers in ntk.npy: 4 TB. */
export const mostKernelEntries = 1e12;
/** Degrees of homogeneity beyond this leave float32 for any alpha but 1. */
export const deepestModel = 64;
