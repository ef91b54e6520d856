import { Option } from "commander";

/** `--runtime`, of the commands that need WebGPU. */
export const runtimeOption = (todo: "train" | "measure"): Option =>
  new Option("--runtime <name>", `where to ${todo}: in a headless Chrome, or by Dawn in Node itself`)
    .choices(["chrome", "node"])
    .default("chrome");
