/** Stands for packages that are never loaded. */

export default undefined;
