// `npm run thumbnails`: trains the built-in experiments, most of them shortened, and writes what the gallery shows of them.
import { needDevelopmentPackages, runSource } from "./sources.js";

needDevelopmentPackages("npm run thumbnails");
await runSource("src/cli/scripts/thumbnails.ts");
