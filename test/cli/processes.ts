import { spawnSync } from "node:child_process";

/** A process of a command's browser, found among its descendants: the GPU's, or the browser itself. */
export function processOf(command: number, kind: "gpu" | "browser"): number | undefined {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const processes = Array.from(stdout.matchAll(/^ *(\d+) +(\d+) +(.*)$/gm), ([, id, parent, args]) => ({
    id: Number(id),
    parent: Number(parent),
    args,
  }));
  const isOurs = (id: number): boolean => {
    const found = processes.find((candidate) => candidate.id === id);
    return id === command || (found !== undefined && isOurs(found.parent));
  };
  const isWanted = ({ parent, args }: { parent: number; args: string }) =>
    kind === "gpu"
      ? args.includes("--type=gpu-process")
      : parent === command && args.includes("--enable-unsafe-webgpu");
  return processes.find((candidate) => isWanted(candidate) && isOurs(candidate.id))?.id;
}

/** From now on no file of a process can grow past so many bytes, as on a full disk. */
export const fillDisk = (command: number, bytes: number): void =>
  void spawnSync("prlimit", ["--pid", String(command), `--fsize=${bytes}:${bytes}`]);

/** Arguments of `sh` that run a program which a full disk does not end by a signal. */
export const withoutSignalOfSize = (program: string, parameters: readonly string[]): string[] => [
  "-c",
  `trap '' XFSZ; exec "$0" "$@"`,
  program,
  ...parameters,
];
