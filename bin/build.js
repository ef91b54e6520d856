// Makes dist, which the npm package brings instead of src: the command and the pages.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, runnerImport } from "vite";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { module: configuration } = await runnerImport(at("vite.config.ts"), { root: at("") });
const { module: bench } = await runnerImport(at("bench/page-build.ts"), { root: at("") });

rmSync(at("dist"), { recursive: true, force: true });
for (const page of configuration.pages)
  await build(configuration.pageConfiguration(page, at(`dist/pages/${page}`)));
await build(bench.benchPageConfiguration(at("dist/pages/bench")));
await build(configuration.commandConfiguration(at("dist/cli")));
