/** `npm run reference`: all its work is done while this module is imported (see bin/reference.js). */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { referencePages } from "../site/reference-pages.ts";
import { packageRoot } from "../process/package-root.ts";

for (const [path, text] of await referencePages()) writeFileSync(join(packageRoot, path), text);
