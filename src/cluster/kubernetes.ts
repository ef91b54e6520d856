/** Jobs for Kubernetes: an indexed job that trains shards, and a suspended one that merges them. */

import type { Json } from "../document/types.ts";

export interface KubernetesJob {
  name: string;
  image: string;
  /** The extended resource that is one GPU. */
  gpu: string;
  /** A claim on a volume that all pods can write to; document and results lie in it. */
  claim: string;
  /** Words of the commands: one that trains a shard, without `--shard`, and one that merges. */
  train: readonly string[];
  merge: readonly string[];
  count: number;
}

const volume = "work";
const mountPath = "/work";
/** Attempts at a shard after the first. */
const backoffLimitPerIndex = 10;
/** Seconds for a last checkpoint. */
const terminationGracePeriodSeconds = 120;

/** A list of both jobs, as \`kubectl apply\` takes it. */
export function kubernetesManifest(job: KubernetesJob): Json {
  const name = labelOf(job.name);
  const train = [...job.train, "--shard", `auto/${job.count}`, "--resume"];
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name },
        spec: {
          completionMode: "Indexed",
          completions: job.count,
          parallelism: job.count,
          backoffLimitPerIndex,
          podFailurePolicy: {
            // A mistake in the document is there at every attempt.
            rules: [
              { action: "FailJob", onExitCodes: { containerName: "train", operator: "In", values: [2] } },
            ],
          },
          template: template(job, {
            name: "train",
            command: train,
            env: [
              // A lock that an attempt at this shard has left on a host that is gone is this pod's own.
              label("JOB", "metadata.labels['batch.kubernetes.io/controller-uid']"),
              { name: "ALPHASWEEP_TASK", value: "kubernetes $(JOB)" },
              label(
                "ALPHASWEEP_ATTEMPT",
                "metadata.annotations['batch.kubernetes.io/job-index-failure-count']",
              ),
            ],
            resources: { limits: { [job.gpu]: 1 } },
          }),
        },
      },
      {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: `${name}-merge` },
        spec: { suspend: true, template: template(job, { name: "merge", command: [...job.merge] }) },
      },
    ],
  };
}

const label = (name: string, fieldPath: string): Json => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const template = ({ image, claim }: KubernetesJob, container: { [key: string]: Json }): Json => ({
  spec: {
    restartPolicy: "Never",
    terminationGracePeriodSeconds,
    containers: [{ image, workingDir: mountPath, volumeMounts: [{ name: volume, mountPath }], ...container }],
    volumes: [{ name: volume, persistentVolumeClaim: { claimName: claim } }],
  },
});

/** Names of objects are of small letters, digits and dashes, 63 at most; the merging job's and the pods' are longer. */
const labelOf = (name: string): string =>
  `alphasweep-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`.slice(0, 46).replace(/-+$/, "");
