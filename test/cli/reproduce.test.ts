import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseClaims } from "../../src/results/claims.ts";
import { alphasweep, temporaryFolder } from "./command.ts";

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

test("reproduce exits 2 and names what there is for an unknown id", async () => {
  const { code, errors } = await alphasweep(["reproduce", "figure-66"]);
  expect(code).toBe(2);
  expect(errors).toContain('did you mean "figure-6"?');
});
