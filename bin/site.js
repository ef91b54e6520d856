// `npm run site`: a folder that any static host serves.
import { needDevelopmentPackages, runSource } from "./sources.js";

needDevelopmentPackages("npm run site");
await runSource("src/cli/scripts/site.ts");
