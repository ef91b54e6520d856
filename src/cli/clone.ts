/** The command in a clone: all its work is done while this module is imported (see bin/alphasweep.js). */

import { runCommandLine } from "./main.ts";

await runCommandLine();
