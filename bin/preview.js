// `npm run preview -- loss results/alpha-sweep`: runs src/cli/scripts/preview.ts through vite, as bin/alphasweep.js runs the command.
import { needDevelopmentPackages, runSource } from "./sources.js";

needDevelopmentPackages("npm run preview");
await runSource("src/cli/scripts/preview.ts");
