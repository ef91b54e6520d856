import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { tensorflow } from "./tfjs.ts";

/** Where Node reads what a page fetches. It has no threads there: they are those of a browser. */
const { resolve } = createRequire(import.meta.url);
setWasmPaths(`${dirname(resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm"))}/`);

export const tfjsWasm = tensorflow("wasm");
