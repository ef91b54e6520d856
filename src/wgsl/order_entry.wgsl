// An entry of the order table: the sample in a place of an epoch, and the sign of the noise on its label there, if it has any.

const SAMPLE = 0x3fffffffu;
const NOISY = 0x40000000u;
const NEGATIVE = 0x80000000u;
