// Makes dist, which the npm package brings instead of src: the command, the pages and the library.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needDevelopmentPackages, runSource } from "./sources.js";

needDevelopmentPackages("npm run build");
const { vite, module: configuration, root } = await runSource("vite.config.ts");
const { module: bench } = await runSource("bench/page-build.ts");

const at = (path) => join(root, path);
rmSync(at("dist"), { recursive: true, force: true });
for (const page of configuration.pages)
  await vite.build(configuration.pageConfiguration(page, at(`dist/pages/${page}`)));
await vite.build(bench.benchPageConfiguration(at("dist/pages/bench")));
await vite.build(configuration.commandConfiguration(at("dist/cli")));
await vite.build(configuration.libraryConfiguration(at("dist/library")));
await vite.build(configuration.moduleConfiguration(at("dist/module")));
// What results say of the program that wrote them.
if (existsSync(at(".git"))) {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" });
  if (status === 0) writeFileSync(at("dist/commit"), stdout);
}
