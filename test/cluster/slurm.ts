/** A Slurm of one node on this machine, for as long as a test takes: it installs what is missing, on Debian and as root. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** Seconds after which a task that was queued again may start; Slurm itself waits two minutes. */
const requeueSeconds = 5;

export class Slurm {
  readonly env: { SLURM_CONF: string };
  readonly node = hostname().split(".")[0];
  readonly #daemons: ChildProcess[] = [];

  private constructor(readonly folder: string) {
    this.env = { SLURM_CONF: join(folder, "slurm.conf") };
  }

  static async start(folder: string): Promise<Slurm> {
    install();
    const slurm = new Slurm(folder);
    for (const name of ["state", "spool", "run"]) mkdirSync(join(folder, name));
    writeFileSync(slurm.env.SLURM_CONF, slurm.#configuration());
    if (spawnSync("munge", ["-n"]).status !== 0) {
      const id = (flag: string) => Number(spawnSync("id", [flag, "munge"], { encoding: "utf8" }).stdout);
      mkdirSync("/run/munge", { recursive: true });
      spawnSync("chown", ["munge:munge", "/run/munge"]);
      slurm.#begin("munged", ["--foreground", "--force"], { uid: id("-u"), gid: id("-g") });
      await until(() => spawnSync("munge", ["-n"]).status === 0, "munged answers");
    }
    slurm.#begin("slurmctld", ["-D", "-f", slurm.env.SLURM_CONF]);
    slurm.#begin("slurmd", ["-D", "-f", slurm.env.SLURM_CONF]);
    await until(() => /idle/.test(slurm.ask("sinfo", "--noheader", "--format=%T")), "the node is idle");
    return slurm;
  }

  /** Runs one of Slurm's commands. */
  ask(command: string, ...words: string[]): string {
    return spawnSync(command, words, { encoding: "utf8", env: { ...process.env, ...this.env } }).stdout;
  }

  /** What is queued or runs, a line each. */
  queue(...words: string[]): string[] {
    return this.ask("squeue", "--array", "--noheader", "--format=%i %T", ...words)
      .split("\n")
      .filter(Boolean);
  }

  /** Ends what runs, and what was started. */
  async stop(): Promise<void> {
    this.ask("scancel", "--user=root");
    await until(() => this.queue().length === 0, "nothing is queued").catch(() => {});
    for (const daemon of this.#daemons.reverse()) {
      if (daemon.exitCode !== null) continue;
      const ended = new Promise((resolve) => daemon.once("exit", resolve));
      daemon.kill("SIGTERM");
      await ended;
    }
  }

  #begin(program: string, words: string[], owner: { uid?: number; gid?: number } = {}): void {
    this.#daemons.push(spawn(program, words, { stdio: "ignore", ...owner }));
  }

  #configuration(): string {
    const { folder, node } = this;
    return Object.entries({
      ClusterName: "one",
      SlurmctldHost: `${node}(127.0.0.1)`,
      SlurmUser: "root",
      SlurmdUser: "root",
      AuthType: "auth/munge",
      AuthInfo: `cred_expire=${requeueSeconds}`,
      StateSaveLocation: join(folder, "state"),
      SlurmdSpoolDir: join(folder, "spool"),
      SlurmctldPidFile: join(folder, "run", "slurmctld.pid"),
      SlurmdPidFile: join(folder, "run", "slurmd.pid"),
      SlurmctldLogFile: join(folder, "slurmctld.log"),
      SlurmdLogFile: join(folder, "slurmd.log"),
      ProctrackType: "proctrack/linuxproc",
      TaskPlugin: "task/none",
      SelectType: "select/cons_tres",
      SelectTypeParameters: "CR_Core",
      ReturnToService: "2",
      SchedulerType: "sched/backfill",
      MpiDefault: "none",
      JobAcctGatherType: "jobacct_gather/none",
      NodeName: `${node} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN`,
      PartitionName: `all Nodes=${node} Default=YES MaxTime=INFINITE State=UP`,
    })
      .map(([name, value]) => `${name}=${value}\n`)
      .join("");
  }
}

function install(): void {
  if (["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged"].every((path) => existsSync(path)))
    return;
  const apt = (...words: string[]) =>
    spawnSync("apt-get", words, {
      stdio: "ignore",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  apt("update");
  const { status } = apt("install", "--yes", "--no-install-recommends", "slurm-wlm", "munge");
  if (status !== 0) throw new Error("slurm-wlm and munge cannot be installed: that takes root on Debian");
}

/** Settles when it holds; rejects after five minutes. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 300_000; !holds();) {
    if (Date.now() > end) throw new Error(`five minutes have passed before ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
