import { setPriority } from "node:os";

/** As low as there is. */
export const LOWEST = 19;

/**
 * Leaves the cores to a software adapter. While something of a device is awaited, Dawn asks for it at every turn of the event loop,
 * which takes this thread a core: half of what the adapter's own threads compute with on two. They keep the priority that they began with. A
 * thread that sleeps instead would leave them a processor that has to be woken for every small dispatch.
 *
 * Linux alone has priorities of threads; only a superuser could take it back.
 */
export function stepBack(): void {
  if (process.platform === "linux") setPriority(LOWEST);
}
