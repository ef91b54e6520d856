/** Which kernels were the fastest, from one visit to the next: in the page's own storage. */

import type { AdapterReport } from "../../src/gpu/adapter.ts";
import { type Memory, memoryOf, readWinners, type Winners } from "../../src/tuner/winners.ts";

const key = "alphasweep fastest kernels";

/** What is remembered of an adapter in this browser; nothing where the storage is closed, or holds something else. */
export function rememberedKernels(adapter: AdapterReport): Memory & { keep: () => void } {
  const { vendor, architecture, device, description } = adapter;
  const place = [navigator.userAgent, vendor, architecture, device, description].join(", ");
  const known = stored()[place] ?? {};
  const memory = memoryOf(known);
  return {
    ...memory,
    keep() {
      try {
        // Of one browser only: another version compiles otherwise, and storage is small.
        localStorage.setItem(key, JSON.stringify({ [place]: { ...known, ...memory.fresh } }));
      } catch {
        // A closed or full storage: measured again the next time.
      }
    },
  };
}

function stored(): Record<string, Winners | undefined> {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(value ?? {}).map(([place, found]) => [place, readWinners(found)]),
    );
  } catch {
    return {};
  }
}
