/** Which kernels were the fastest, from one command to the next. */

import { readWinners, type Winners } from "../../tuner/winners.ts";
import { AdapterFile } from "./adapter-file.ts";
import type { Say } from "./browser.ts";

const file = new AdapterFile("winners.json", "fastest kernels");

/** What is remembered of a place. */
export function recallWinners(place: string, say: Say): Winners {
  const found = file.read(say)[place];
  return (found !== undefined && readWinners(found)) || {};
}

/** Adds winners of a place. */
export function rememberWinners(place: string, fresh: Winners, say: Say): void {
  if (Object.keys(fresh).length > 0)
    file.write(place, (known) => ({ ...(readWinners(known) ?? {}), ...fresh }), say);
}
