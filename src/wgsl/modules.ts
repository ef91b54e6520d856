const sources = import.meta.glob<string>(
  ["./*.wgsl", "../products/*.wgsl", "../losses/**/*.wgsl", "../layers/**/*.wgsl"],
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);

/** Every WGSL module, by its file's name. */
export const modules: ReadonlyMap<string, { file: string; code: string }> = new Map(
  Object.entries(sources).map(([path, code]) => {
    const name = path.slice(path.lastIndexOf("/") + 1, -".wgsl".length);
    return [name, { file: path.replace(/^\.\.\//, "src/").replace(/^\.\//, "src/wgsl/"), code }];
  }),
);
