/** How the digits' images are called among files: no path begins so. */
export const digitsFile = "\0digits";
