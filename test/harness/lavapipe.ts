/** WebGPU of lavapipe by Dawn, where the tests look for that of a browser. */
import { readFile } from "node:fs/promises";
import { create, globals } from "webgpu";
import { dawnAdapters, isLavapipe } from "../../src/cli/runtimes/dawn-adapters.ts";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { silently } from "../../src/cli/runtimes/silence.ts";

const { names, told } = await dawnAdapters();
const lavapipe = names.find(isLavapipe);
if (lavapipe === undefined)
  throw new Error(
    `there is no lavapipe here (${[...names, ...told].join("; ") || "no driver"}): apt-get install mesa-vulkan-drivers, version 23 or later`,
  );
Object.assign(globalThis, globals);
const gpu = create([`adapter=${lavapipe}`]);
const requestAdapter = gpu.requestAdapter.bind(gpu);
gpu.requestAdapter = (options) => silently(() => requestAdapter(options));
// Dawn crashes when what `create` gives is collected while a device lives.
Object.defineProperty(globalThis, "navigator", {
  value: { ...globalThis.navigator, gpu },
  configurable: true,
});

// A page's addresses begin at the package's folder.
const { fetch } = globalThis;
globalThis.fetch = async (resource, options) =>
  typeof resource === "string" && resource.startsWith("/")
    ? new Response(await readFile(`${packageRoot}${resource.replace(/\?.*$/, "")}`))
    : fetch(resource, options);
