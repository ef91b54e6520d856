// Exit code 0: Dawn finds lavapipe.
import { runSource } from "../bin/sources.js";

const { module } = await runSource("src/cli/runtimes/dawn-adapters.ts");
const { names } = await module.dawnAdapters();
process.exit(names.some(module.isLavapipe) ? 0 : 1);
