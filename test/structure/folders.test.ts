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

/** Which of src's folders a file lies in. */
const folderOf = (path: string): string | undefined => /^src\/([^/]+)/.exec(path)?.[1];

test("no module waits for itself to be loaded", () => {
  const { totalCruised, violations } = found.summary;
  expect(totalCruised).toBeGreaterThan(300);
  expect(violations.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test("folders of src depend one way", () => {
  const rank = new Map(ORDER.flatMap((names, place) => names.map((name) => [name, place] as const)));
  const wrong = new Set<string>();
  const seen = new Set<string>();
  for (const { source, dependencies } of found.modules) {
    const from = folderOf(source);
    if (from === undefined) continue;
    seen.add(from);
    for (const { resolved } of dependencies) {
      const to = folderOf(resolved);
      if (to === undefined || to === from) continue;
      if (!rank.has(from) || !rank.has(to) || rank.get(to)! >= rank.get(from)!)
        wrong.add(`${from} -> ${to} (${source} -> ${resolved})`);
    }
  }
  expect([...wrong]).toEqual([]);
  expect([...seen].sort()).toEqual(ORDER.flat().sort());
});
