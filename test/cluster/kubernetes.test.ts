import { Job } from "kubernetes-models/batch/v1/Job";
import { expect, test } from "vitest";
import { kubernetesManifest } from "../../src/cluster/kubernetes.ts";

const manifest = (name: string) =>
  kubernetesManifest({
    name,
    image: "registry.example/alphasweep:1",
    gpu: "nvidia.com/gpu",
    claim: "sweeps",
    train: ["alphasweep", "run", "sweep.json", "--out", "results/sweep"],
    merge: ["alphasweep", "merge", "results/sweep"],
    count: 16,
  }) as unknown as { items: ConstructorParameters<typeof Job>[0][] };

test("both jobs are valid by the schema that Kubernetes publishes", () => {
  const { items } = manifest("Alpha Sweep, 1e-3");
  expect(items).toHaveLength(2);
  for (const item of items) new Job(item).validate();
  // The schema is looked at.
  expect(() => new Job({ ...items[0], spec: { completions: "16" } } as never).validate()).toThrow();
  expect(items.map((item) => item?.metadata?.name)).toEqual([
    "alphasweep-alpha-sweep-1e-3",
    "alphasweep-alpha-sweep-1e-3-merge",
  ]);
  const { items: long } = manifest("x".repeat(200));
  // Pods are called by the job's name, their index and five letters: 63 characters at most.
  for (const item of long) expect(item!.metadata!.name!.length + "-999-abcde".length).toBeLessThanOrEqual(63);
  const spec = items[0]!.spec!;
  expect(spec).toMatchObject({ completionMode: "Indexed", completions: 16 });
  const [container] = spec.template.spec!.containers;
  expect(container.command).toEqual([
    ..."alphasweep run sweep.json --out results/sweep --shard auto/16 --resume".split(" "),
  ]);
  expect(container.resources).toEqual({ limits: { "nvidia.com/gpu": 1 } });
});
