import { Option } from "commander";

/** `--runtime`, of the commands that need WebGPU. */
export const runtimeOption = (todo: "train" | "measure"): Option => {
  const option = new Option(
    "--runtime <name>",
    `where to ${todo}: in a headless Chrome, by Dawn in Node itself, or wherever is the fastest`,
  );
  // What a browser takes is what a benchmark is asked for.
  if (todo === "measure") return option.choices(["chrome", "node"]).default("chrome");
  return option.choices(["auto", "chrome", "node"]).default("auto").env("ALPHASWEEP_RUNTIME");
};
