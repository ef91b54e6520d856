const sources = import.meta.glob<string>(["./*.wgsl", "../products/*.wgsl"], {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Every WGSL module, by its file's name. */
export const modules: ReadonlyMap<string, { file: string; code: string }> = new Map(
  Object.entries(sources).map(([path, code]) => {
    const [, folder = "wgsl", name = ""] = /(?:\.\.\/(\w+)|\.)\/(\w+)\.wgsl$/.exec(path) ?? [];
    return [name, { file: `src/${folder}/${name}.wgsl`, code }];
  }),
);
