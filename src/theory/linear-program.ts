import type { Highs, InitOptions } from "highs";

// HiGHS is 3.5 MB of WebAssembly: it is loaded on first use, once. Its own loader finds `highs.wasm` beside its module, in
// Node and in pages served by Vite; where a bundler moves the file, name it before the first solve.

let options: InitOptions = {};
let loading: Promise<Highs> | undefined;

/**
 * Says where HiGHS's WebAssembly is (in a page: `import url from "highs/runtime?url"`), or hands over its bytes.
 * Call it before the first solve; afterwards it has no effect.
 */
export function setLinearProgramRuntime(source: string | ArrayBuffer | ArrayBufferView): void {
  options = typeof source === "string" ? { locateFile: () => source } : { wasmBinary: source };
}

/** The linear-program solver, loaded on first use. A failed load is tried again at the next call. */
export function linearProgramSolver(): Promise<Highs> {
  loading ??= import("highs")
    .then(({ default: load }) => load(options))
    .catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
  return loading;
}
