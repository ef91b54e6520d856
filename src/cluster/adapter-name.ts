import type { AdapterReport } from "../gpu/adapter.ts";

/** What results are compared by: those of one sweep are of adapters of one name. */
export const adapterName = ({ vendor, architecture, device, description, software }: AdapterReport): string =>
  [software ? "software" : "hardware", vendor, architecture, device, description].filter(Boolean).join(" ");
