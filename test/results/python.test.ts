/** The reader for Python (python/alphasweep.py), on folders of this version and of older ones, where Python has what it needs. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readResults } from "../../src/results/read.ts";
import { temporaryFolder } from "./experiment.ts";
import { writeThreeRuns } from "./written.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** `PYTHON=...`: another one than python3. */
function python(program: string): { status: number | null; output: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.env.PYTHON ?? "python3", ["-c", program], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: join(root, "python"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  return { status, output: stdout ?? "", errors: stderr ?? "no python3" };
}

const missing = ["numpy", "pandas", "pyarrow"].filter((name) => python(`import ${name}`).status !== 0);

/** What a program prints as JSON. */
function printed(program: string): unknown {
  const { output, errors } = python(`import json, numpy as np, alphasweep\n${program}`);
  expect(errors).toBe("");
  return JSON.parse(output);
}

/** Three runs, of which one stops at its first record. */
function written(): string {
  const folder = temporaryFolder();
  writeThreeRuns(folder);
  return folder;
}

/** The documentation's lines of a language, on another folder. */
const snippets = (language: string, folder: string, page = "docs/results.md"): string[] =>
  Array.from(
    readFileSync(join(root, page), "utf8").matchAll(
      new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"),
    ),
    ([, lines]) => lines.replaceAll("results/alpha-sweep", folder),
  );

if (!missing.includes("numpy"))
  test("NumPy reads arrays, and JSON their coordinates", () => {
    const [, lines] = snippets("python", written());
    const { output, errors } = python(`${lines}print(json.dumps([alpha, ntk[2, 1].tolist()]))`);
    expect([errors, JSON.parse(output)]).toEqual([
      "",
      [
        [0.5, 1, 2],
        [
          [210, 211],
          [212, 213],
        ],
      ],
    ]);
  });

if (missing.length > 0)
  test(`the reader for Python is parsed only: python3 lacks ${missing.join(", ")}`, () => {
    // Without any Python nothing can be said of it.
    if (python("").status !== 0) return;
    const file = JSON.stringify(join(root, "python", "alphasweep.py"));
    expect(python(`import ast; ast.parse(open(${file}).read())`)).toEqual({
      status: 0,
      output: "",
      errors: "",
    });
  });
else {
  test("Python reads tidy frames, and arrays with their coordinates", () => {
    const folder = JSON.stringify(written());
    expect(
      printed(`
r = alphasweep.read(${folder}, plain=True)
ntk = r.array("ntk")
print(json.dumps({
  "columns": list(r.history.columns), "types": [str(t) for t in r.history.dtypes],
  "rows": r.history[["run", "alpha", "epoch", "loss"]].values.tolist(),
  "runs": r.runs[["alpha", "status", "epochs"]].values.tolist(), "meaning": r.meanings["loss"], "arrays": r.arrays,
  "shape": ntk.values.shape, "dims": ntk.dims, "alpha": ntk.coords["alpha"][1].tolist(),
  "epoch": np.nan_to_num(ntk.coords["epoch"][1], nan=-1).tolist(), "last": ntk.values[2, 1].tolist(),
  "predictor": np.nan_to_num(r.array("predictor").values, nan=-1).tolist(), "name": r.document["name"]}))`),
    ).toEqual({
      columns: ["run", "epoch", "time", "loss", "ntk_drift", "alpha"],
      types: ["int32", "int32", "float64", "float64", "float64", "float64"],
      rows: [
        [0, 0.5, 0, 1],
        [0, 0.5, 2, 0.001],
        [1, 1, 0, 2],
        [2, 2, 0, 3],
        [2, 2, 2, 0.003],
      ],
      runs: [
        [0.5, "finished", 2],
        [1, "diverged", 0],
        [2, "finished", 2],
      ],
      meaning: { title: "Training loss", symbol: "L(w)", unit: "1" },
      arrays: ["ntk", "predictor"],
      shape: [3, 3, 2, 2],
      dims: ["run", "record", "training samples", "training samples"],
      alpha: [0.5, 1, 2],
      epoch: [
        [0, 2, -1],
        [0, -1, -1],
        [0, 2, -1],
      ],
      last: [
        [210, 211],
        [212, 213],
      ],
      predictor: [
        [1, 2, 3],
        [-1, -1, -1],
        [4, 5, 6],
      ],
      name: "small",
    });
  });

  test("Python reads folders of older versions alike", async () => {
    const folder = join(root, "experiments", "results", "table-1");
    const { history, runs } = await readResults(folder);
    const found = printed(`
r = alphasweep.read(${JSON.stringify(folder)})
ntk = r.array("ntk")
print(json.dumps({"rows": len(r.history), "swept": r.swept, "columns": list(r.history.columns), "epoch": str(r.history["epoch"].dtype),
  "records": int(np.isfinite(ntk.coords["epoch"][1]).sum()), "dims": ntk.dims[:2]}))`);
    const swept = Object.keys(runs.columns).filter((name) => name.includes("."));
    expect(found).toEqual({
      rows: history.rows,
      swept,
      columns: [...Object.keys(history.columns), ...swept],
      epoch: "int64",
      records: history.rows,
      dims: ["run", "record"],
    });
  });

  test("Python says of a folder that holds no results what is missing", () => {
    const { errors } = python(`import alphasweep; alphasweep.read(${JSON.stringify(temporaryFolder())})`);
    expect(errors).toMatch(
      /FileNotFoundError: .* is no finished results folder: there is no manifest\.json\n$/,
    );
  });

  test("the documentation's lines and the example's cells run", () => {
    const [lines] = snippets("python", written());
    expect(python(lines)).toMatchObject({ status: 0, errors: "" });
    const [own] = snippets("python", written(), "python/README.md");
    expect(printed(`${own}\nprint(json.dumps([results.meanings["loss"]["unit"], ntk.dims[:2]]))`)).toEqual([
      "1",
      ["run", "record"],
    ]);
    const { cells } = JSON.parse(readFileSync(join(root, "examples", "read-results.ipynb"), "utf8")) as {
      cells: { cell_type: string; source: string[] }[];
    };
    const code = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source.join(""));
    const place = `import os; os.chdir(${JSON.stringify(join(root, "examples"))})`;
    expect(python([place, ...code].join("\n"))).toMatchObject({ status: 0, errors: "" });
  });
}
