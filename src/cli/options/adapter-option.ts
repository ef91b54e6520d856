import { Option } from "commander";
import type { AdapterChoice } from "../../gpu/adapter.ts";
import { UsageError } from "../process/failure.ts";
import type { RuntimeChoice } from "../runtimes/trainer.ts";

const kinds: readonly AdapterChoice[] = ["auto", "hardware", "software"];

/** `--adapter`, of the commands that train: a kind, or one of several adapters. */
export const adapterOption = (): Option =>
  new Option(
    "--adapter <kind>",
    "which WebGPU adapter: auto (hardware where there is one), hardware, software; outside Chrome also a part of its name, or its number from 0",
  ).default("auto");

/** What `--adapter` asks for: a kind, and of which name or number where it is not the first of it. */
export interface WantedAdapter {
  adapter: AdapterChoice;
  device?: string;
}

/** @throws UsageError where the runtime cannot choose one by name */
export function wantedAdapter(text: string, runtime: RuntimeChoice): WantedAdapter {
  const kind = kinds.find((name) => name === text);
  if (kind) return { adapter: kind };
  if (text === "" || runtime === "chrome")
    throw new UsageError(
      `--adapter is "${text}"; in Chrome it is one of ${kinds.join(", ")}, and with --runtime node or auto also an adapter's name or number`,
    );
  return { adapter: "auto", device: text };
}
