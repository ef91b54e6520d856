import { alphasweep } from "./alphasweep.ts";
import type { Engine } from "./engine.ts";
import { javascript } from "./javascript.ts";

/** What is compared: one line an engine. */
export const engines: readonly Engine[] = [alphasweep, javascript];
