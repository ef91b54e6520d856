import { fileURLToPath } from "node:url";
import { type ICruiseResult, cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { beforeAll, expect, test } from "vitest";

/** Folders and files of src, each of which depends on those before it alone; types included. CONTRIBUTING.md says what they hold. */
const ORDER = [
  ["document"],
  ["data", "wgsl"],
  ["losses"],
  ["products", "gpu"],
  ["layers"],
  ["kernels"],
  ["plan"],
  ["theory"],
  ["models"],
  ["quantities"],
  ["scheduler"],
  ["experiment", "guard"],
  ["tuner"],
  ["search"],
  ["engine.ts", "prediction.ts"],
  ["results"],
  ["index.ts", "node.ts"],
  ["cluster"],
  ["page"],
  ["cli"],
];

let found: ICruiseResult;

beforeAll(async () => {
  const { output } = await cruise(
    ["src", "bench", "viewer"],
    {
      baseDir: fileURLToPath(new URL("../..", import.meta.url)),
      tsPreCompilationDeps: true,
      doNotFollow: "node_modules",
      exclude: "node_modules|\\.(wgsl|css|html|json|svg)$",
      validate: true,
      ruleSet: {
        forbidden: [
          {
            name: "no circle",
            severity: "error",
            from: {},
            to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
          },
        ],
      },
    },
    undefined,
    { tsConfig: extractTSConfig("tsconfig.json") },
  );
  found = output as ICruiseResult;
}, 120_000);

/** Of src/cli: the command's process, what it reads, where it trains, what is asked of it, and what it does. */
const COMMAND_ORDER = [
  ["process"],
  ["experiment"],
  ["runtimes"],
  ["options"],
  ["training"],
  ["reproduction", "drafts", "shards", "site"],
  ["commands"],
  ["main.ts"],
  ["clone.ts", "scripts"],
];

test("no module waits for itself to be loaded", () => {
  const { totalCruised, violations } = found.summary;
  expect(totalCruised).toBeGreaterThan(300);
  expect(violations.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test.each([
  ["src", ORDER],
  ["src/cli", COMMAND_ORDER],
])("folders of %s depend one way", (parent, order) => {
  const rank = new Map(order.flatMap((names, place) => names.map((name) => [name, place] as const)));
  const within = (path: string) =>
    path.startsWith(`${parent}/`) ? path.slice(parent.length + 1).split("/", 1)[0] : undefined;
  const wrong = new Set<string>();
  const seen = new Set<string>();
  for (const { source, dependencies } of found.modules) {
    const from = within(source);
    if (from === undefined) continue;
    seen.add(from);
    for (const { resolved } of dependencies) {
      const to = within(resolved);
      if (to === undefined || to === from) continue;
      if (!rank.has(from) || !rank.has(to) || rank.get(to)! >= rank.get(from)!)
        wrong.add(`${from} -> ${to} (${source} -> ${resolved})`);
    }
  }
  expect([...wrong]).toEqual([]);
  expect([...seen].sort()).toEqual(order.flat().sort());
});
