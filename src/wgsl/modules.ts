/** WGSL modules by name: the path, and the text. */
export type Modules = ReadonlyMap<string, { file: string; code: string }>;

/** Modules by their files' names; paths are relative to a folder of src. */
export const modulesOf = (sources: Record<string, string>, folder: string): Modules =>
  new Map(
    Object.entries(sources).map(([path, code]) => {
      const name = path.slice(path.lastIndexOf("/") + 1, -".wgsl".length);
      return [name, { file: path.replace(/^\.\.\//, "src/").replace(/^\.\//, `src/${folder}/`), code }];
    }),
  );

/** Modules that any shader may ask for; what only some kernels share lies beside those, and pages fetch it with them. */
export const modules = modulesOf(
  import.meta.glob<string>("./*.wgsl", { query: "?raw", import: "default", eager: true }),
  "wgsl",
);
