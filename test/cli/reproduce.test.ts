import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reproductions } from "../../experiments/registry.ts";
import { parseManifest } from "../../src/results/manifest.ts";
import { parseClaims } from "../../src/results/claims.ts";
import { claimsPage } from "../../viewer/report/claims-page.ts";
import { alphasweep, inNode, Running, softwareVulkan, temporaryFolder } from "./command.ts";

test("reproduce prints claim, expected, measured and verdict, and keeps results where --out says", async () => {
  const cwd = temporaryFolder();
  const { code, output } = await alphasweep(["reproduce", "table-1", "--out", "kept"], { cwd });
  expect(code).toBe(0);
  expect(output).toMatch(/^claim +expected +measured +verdict$/m);
  expect(output).toMatch(/after 1001 epochs +1001 +10\d\d +false as written$/m);
  expect(output).toMatch(/after 757 epochs +757 +757 +holds$/m);
  expect(existsSync(join(cwd, "kept", "table-1", "figures", "tangent-kernel.svg"))).toBe(true);

  const claims = (folder: string) => parseClaims(readFileSync(join(cwd, "kept", folder, "claims.json")));
  const written = claims("table-1");
  expect(claims(".")).toEqual(written);
  expect(written).toHaveLength(Number(/^(\d+) statements/m.exec(output)![1]));
  const figures = ["tangent-kernel", "kernel-drift-against-alpha", "distances-against-alpha"];
  expect(written.find(({ claim }) => claim.includes("1001 epochs"))).toMatchObject({
    experiment: "table-1",
    documents: ["table-1"],
    figures,
    claimed: "1001",
    expected: "1001",
    verdict: "false as written",
  });
  // What is true in its place says what had been claimed.
  expect(
    written.find(({ verdict, claimed, expected }) => verdict === "holds" && claimed !== expected),
  ).toBeDefined();
  expect(readFileSync(join(cwd, "kept", "table-1", "index.html"), "utf8")).toContain("false as written");

  const again = await alphasweep(["reproduce", "table-1", "--out", "kept"], { cwd });
  expect(again.code).toBe(2);
});

test.for([
  ["figure-66", 'did you mean "figure-6"?'],
  ["barron-gaussian", 'did you mean "barron"?'],
  ["nonesuch", '"alphasweep list" lists what there is'],
])("reproduce %s exits 2 and says in one short line what there is", async ([id, mend]) => {
  const { code, errors } = await alphasweep(["reproduce", id]);
  expect([code, errors]).toEqual([2, `there is nothing to reproduce by the name of "${id}"; ${mend}\n`]);
});

test("every name that reproduce takes is listed", async () => {
  const { output } = await alphasweep(["list"]);
  for (const { id } of reproductions) expect(output).toMatch(new RegExp(`^${id} `, "m"));
});

const quick = ["reproduce", "figure-3", "matrix-unbounded", "--size", "small", "--out", "kept", ...inNode];

test("several end with a table and one page of all claims; what is interrupted is kept, and gone on with", async () => {
  const cwd = temporaryFolder();
  const env = await softwareVulkan();
  const page = (): string => readFileSync(join(cwd, "kept", "claims.html"), "utf8");
  const first = new Running(quick, { cwd, env });
  await first.printed(/^matrix-unbounded, 2 of 2$/m);
  first.kill("SIGINT");
  const interrupted = await first.outcome();
  expect(interrupted.code).toBe(130);
  expect(interrupted.errors).toMatch(
    /^to go on: .*reproduce figure-3 matrix-unbounded --size small --out kept --resume$/m,
  );
  expect(page()).toContain("Not reproduced yet: matrix-unbounded.");

  const { code, output, errors } = await alphasweep([...quick, "--resume"], { cwd, env });
  expect(code).toBe(0);
  expect(errors).toMatch(/figure-3 is finished already/);
  expect(output).toMatch(
    /^figure-3 +4 hold\nmatrix-unbounded +1 holds\n\n5 statements: 5 hold\nkept\/claims\.html$/m,
  );
  expect(page()).not.toContain("Not reproduced yet");
  expect(page().match(/<td>holds<\/td>/g)).toHaveLength(5);
  expect(page()).toContain('<a href="figure-3/index.html">figure-3</a>');
  expect(page()).toContain("SwiftShader");
  // Shortened, as the tests do, with what holds there.
  expect(page()).toContain("Small experiments");
  const manifest = readFileSync(join(cwd, "kept", "matrix-unbounded", "manifest.json"));
  expect(parseManifest(manifest).document).toMatchObject({ sweep: [{ values: [0.1, 0.03, 0.01] }] });

  // As published, it is another experiment, which does not go on there.
  const other = await alphasweep(["reproduce", "matrix-unbounded", "--out", "kept", "--resume", ...inNode], {
    cwd,
    env,
  });
  expect(other.code).toBe(2);
});

test("a page shows what does not hold, what could not be measured, and what failed, without trusting a word", () => {
  const row = {
    experiment: "a",
    documents: ["a"],
    figures: [],
    source: "Somebody 2020, Theorem 1",
    claimed: "1",
  };
  const page = claimsPage({
    ...{ size: "full", date: "2026-01-01", version: "1.0.0", adapters: ["an <adapter>"], missing: [] },
    reproduced: [
      {
        ...{ id: "a", title: "A <b>law</b>", source: "Somebody 2020, Theorem 1" },
        trained: [{ document: "a b", seconds: 75.4 }],
        claims: [
          { ...row, claim: "x < y", expected: "2", measured: 1.23456789, verdict: "does not hold" },
          { ...row, claim: "z", expected: "1", measured: null, verdict: "not measurable" },
        ],
      },
      { id: "c", title: "C", source: "thesis, Table 1", claims: [], trained: [], failure: "out of memory" },
    ],
  });
  expect(page).toContain("2 statements: 1 does not hold, 1 not measurable.");
  expect(page).toContain(
    '<tr class="warning"><td>x &lt; y</td><td>2 (claimed: 1)</td><td>1.234568</td><td>does not hold</td>',
  );
  expect(page).toContain("<td>not measurable</td><td>not measurable</td>");
  expect(page).toContain('trained in 1 min 15 s; reports: <a href="a%20b/index.html">a b</a>');
  expect(page).toContain('<p class="warning">out of memory</p>');
  expect(page).toContain("A &lt;b&gt;law&lt;/b&gt;");
  expect(page).not.toMatch(/<b>|<adapter>|<script/);
  // The thesis comes first.
  expect(page.indexOf("<h2>Thesis")).toBeLessThan(page.indexOf("<h2>Somebody 2020"));
});
