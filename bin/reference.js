// `npm run reference`: the pages of docs/ that are made from schema and registries.
import { needDevelopmentPackages, runSource } from "./sources.js";

needDevelopmentPackages("npm run reference");
await runSource("src/cli/scripts/reference.ts");
