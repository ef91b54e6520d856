import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { alphasweep, temporaryFolder } from "./command.ts";

test("reproduce prints claim, expected, measured and verdict, and keeps results where --out says", async () => {
  const cwd = temporaryFolder();
  const { code, output } = await alphasweep(["reproduce", "table-1", "--out", "kept"], { cwd });
  expect(code).toBe(0);
  expect(output).toMatch(/^claim +expected +measured +verdict$/m);
  expect(output).toMatch(/after 1001 epochs +1001 +10\d\d +false as written$/m);
  expect(output).toMatch(/after 757 epochs +757 +757 +holds$/m);
  expect(existsSync(join(cwd, "kept", "table-1", "figures", "tangent-kernel.svg"))).toBe(true);

  const again = await alphasweep(["reproduce", "table-1", "--out", "kept"], { cwd });
  expect(again.code).toBe(2);
});

test("reproduce exits 2 and names what there is for an unknown id", async () => {
  const { code, errors } = await alphasweep(["reproduce", "figure-66"]);
  expect(code).toBe(2);
  expect(errors).toContain('did you mean "figure-6"?');
});
