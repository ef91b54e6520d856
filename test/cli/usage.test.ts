import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { builtInNames } from "../../src/cli/experiment/built-in.ts";
import { npyHeader } from "../../src/data/npy.ts";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { alphasweep, temporaryFolder } from "./command.ts";

/** No browser can be started: what these tests expect comes before one is looked for. */
const env = { PUPPETEER_EXECUTABLE_PATH: "/nowhere/chrome" };

const good = {
  data: { kind: "linear-uniform", samples: 4, dimension: 3 },
  model: { kind: "diagonal" },
  train: { stepSize: 0.01, epochs: 2 },
};

const withFiles = { ...good, data: { kind: "file", inputs: "x.npy", targets: "y.npy" } };
const npy = (shape: number[]): Buffer =>
  Buffer.concat([
    npyHeader(shape, "f4"),
    Buffer.alloc(4 * shape.reduce((product, length) => product * length, 1)),
  ]);

const network = {
  data: { kind: "sparse-signs", samples: 4, dimension: 3 },
  model: { kind: "relu", widths: [5] },
  init: { shape: "he" },
  train: { stepSize: 0.01, epochs: 2 },
};
const images = { kind: "idx", images: "images", labels: "labels", classes: [0, 1] };
/** IDX files of one byte a number: images, or labels. */
const idx = (shape: number[]): Buffer =>
  Buffer.concat([
    Buffer.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size])]),
    Buffer.alloc(shape.reduce((product, length) => product * length, 1)),
  ]);

const table = gzipSync("a,y\n1,2\n");
/** A gzipped table, in which something is wrong. */
const gzipped = (file: Buffer): Record<string, string | Buffer> => ({
  "a.json": JSON.stringify({ ...good, data: { kind: "file", train: "train.csv.gz" } }),
  "train.csv.gz": file,
});

/** What is wrong, files to make, the command's parameters, and what the one line must say. */
const wrong: [string, Record<string, string | Buffer>, string[], RegExp][] = [
  ["no such experiment", {}, ["run", "nothing-like-it"], /there is no experiment "nothing-like-it"/],
  ["a mistyped built-in name", {}, ["run", "alpha-swep"], /did you mean "alpha-sweep"\?/],
  ["a folder", {}, ["run", "."], /\. is a folder; .* "alphasweep list" lists$/m],
  [
    "a folder of results",
    { "manifest.json": "{}" },
    ["run", "."],
    /^\. is a folder; "alphasweep view \." shows the results in it$/m,
  ],
  [
    "a table",
    { "houses.csv": "a,y\n1,2\n" },
    ["run", "houses.csv"],
    /^houses\.csv is data, not a document; "alphasweep new --data houses\.csv" writes one that trains on it$/m,
  ],
  [
    "an array",
    { "x.npy": "text" },
    ["doctor", "x.npy"],
    /^x\.npy is data, not a document; one names it in "data": /m,
  ],
  ["no JSON", { "a.json": "{ not json" }, ["run", "a.json"], /^a\.json: line 1, column 3/],
  [
    "a document in Latin-1",
    { "a.json": Buffer.from(JSON.stringify({ name: "café", ...good }, null, 2), "latin1") },
    ["run", "a.json"],
    /^a\.json is not UTF-8 text \(line 2\); save it as UTF-8$/m,
  ],
  [
    "a document in UTF-16",
    { "a.json": Buffer.from(`\ufeff${JSON.stringify(good)}`, "utf16le") },
    ["doctor", "a.json"],
    /^a\.json is not UTF-8 text \(line 1\)/,
  ],
  ["an empty document", { "a.json": "" }, ["run", "a.json"], /^a\.json: /],
  [
    "an unknown key",
    { "a.json": JSON.stringify({ ...good, modle: {} }) },
    ["run", "a.json"],
    /^a\.json: modle .*did you mean "model"/,
  ],
  [
    "a negative step size",
    { "a.json": JSON.stringify({ ...good, train: { stepSize: -1, epochs: 2 } }) },
    ["run", "a.json"],
    /^a\.json: train\.stepSize is -1; /,
  ],
  [
    "a data file that is not there",
    { "a.json": JSON.stringify(withFiles) },
    ["run", "a.json"],
    /^a\.json: x\.npy cannot be read: there is no such file/,
  ],
  [
    "a data file that is none",
    { "a.json": JSON.stringify(withFiles), "x.npy": "text", "y.npy": "text" },
    ["run", "a.json"],
    /^a\.json: .*x\.npy is not an \.npy file/,
  ],
  [
    "a gzipped file that is cut short",
    gzipped(Buffer.concat([table, table.subarray(0, -3)])),
    ["run", "a.json"],
    /^a\.json: train\.csv\.gz is gzipped, and cut short, or followed by something else$/m,
  ],
  [
    "a gzipped file with something else after it",
    gzipped(Buffer.concat([table, Buffer.from("\n")])),
    ["run", "a.json", "--runtime", "node"],
    /^a\.json: train\.csv\.gz is gzipped, and cut short, or followed by something else$/m,
  ],
  [
    "a network without units",
    { "a.json": JSON.stringify({ ...network, model: { kind: "relu", widths: [5, 0] } }) },
    ["run", "a.json"],
    /^a\.json: model\.widths\[1\] is 0; /,
  ],
  [
    "initial weights of another network",
    { "a.json": JSON.stringify({ ...network, init: { shape: { file: "w0.npy" } } }), "w0.npy": npy([19]) },
    ["run", "a.json"],
    /^a\.json: w0\.npy holds 19 weights; 3 inputs and widths 5 take 20/,
  ],
  [
    "initial weights that are all 0",
    { "a.json": JSON.stringify({ ...network, init: { shape: { file: "w0.npy" } } }), "w0.npy": npy([20]) },
    ["run", "a.json"],
    /^a\.json: w0\.npy holds zeros alone: where all initial weights are 0, so is every gradient, and nothing trains$/m,
  ],
  [
    "logistic loss of targets that are no labels",
    {
      "a.json": JSON.stringify({ ...network, data: withFiles.data, loss: { kind: "logistic" } }),
      "x.npy": npy([4, 3]),
      "y.npy": npy([4]),
    },
    ["run", "a.json"],
    /^a\.json: loss\.kind is "logistic"; its targets are -1 and \+1, and target 0 is 0/,
  ],
  [
    "images and labels that disagree",
    { "a.json": JSON.stringify({ ...network, data: images }), images: idx([4, 2, 2]), labels: idx([3]) },
    ["run", "a.json"],
    /^a\.json: labels holds 3 labels; images has 4 images/,
  ],
  [
    "targets of another length",
    { "a.json": JSON.stringify(withFiles), "x.npy": npy([4, 3]), "y.npy": npy([5]) },
    ["run", "a.json"],
    /^a\.json: .*5/,
  ],
  [
    "a name that is a path",
    { "a.json": JSON.stringify({ ...good, name: "../up" }) },
    ["run", "a.json"],
    /name is "\.\.\/up"/,
  ],
  [
    "a full results folder",
    { "a.json": JSON.stringify(good), "out/notes.txt": "" },
    ["run", "a.json", "--out", "out"],
    /^out is not empty; give another folder with --out, or remove it/,
  ],
  ...["", "a".repeat(300)].map((out): (typeof wrong)[0] => [
    `a results folder that cannot be, of ${out.length} letters`,
    { "a.json": JSON.stringify(good) },
    ["run", "a.json", "--out", out],
    out === ""
      ? /^--out names no folder/
      : /^a+ cannot be used: its name is too long; give another folder with --out/,
  ]),
  [
    "a file as results folder",
    { "a.json": JSON.stringify(good) },
    ["run", "a.json", "--out", "a.json"],
    /^a\.json is not a folder/,
  ],
  [
    "a run that no adapter holds",
    {
      "a.json": JSON.stringify({
        ...good,
        data: { ...good.data, samples: 40_000 },
        record: { quantities: ["loss"], arrays: ["ntk"] },
      }),
    },
    ["run", "a.json"],
    /^a\.json: one run needs a buffer of 5\.96 GiB; adapters bind at most 4 GiB: use fewer than 40000 samples/,
  ],
  [
    "an experiment that is none, for doctor",
    { "a.json": JSON.stringify({ ...good, train: { stepSize: -1, epochs: 2 } }) },
    ["doctor", "a.json"],
    /^a\.json: train\.stepSize is -1; /,
  ],
  ["--set without a value", {}, ["run", "alpha-sweep", "--set", "train.epochs"], /has no "="/],
  [
    "--set with bare text",
    {},
    ["run", "alpha-sweep", "--set", "train.method=gradient-flow"],
    /a string needs double quotes/,
  ],
  ["--set with spoilt JSON", {}, ["run", "alpha-sweep", "--set", "sweep=[1,"], /not JSON: line 1, column 4/],
  ["--set of a prototype", {}, ["run", "alpha-sweep", "--set", "__proto__.epochs=1"], /is not a path/],
  [
    "--set of an unknown path",
    {},
    ["run", "alpha-sweep", "--set", "train.epoch=1"],
    /train\.epoch .*did you mean "epochs"/,
  ],
  ["--set to a wrong value", {}, ["run", "alpha-sweep", "--set", "train.epochs=-5"], /train\.epochs is -5/],
  [
    "--set of a list entry that is not there",
    {},
    ["run", "alpha-sweep", "--set", "sweep[7].path=1"],
    /sweep\[7\]/,
  ],
  ["neither on nor off", {}, ["run", "alpha-sweep", "--tuning", "maybe"], /--tuning.*on, off/],
  ["an unknown adapter", {}, ["run", "alpha-sweep", "--adapter", "quantum"], /auto, hardware, software/],
  ["an unknown option", {}, ["run", "alpha-sweep", "--ouput", "x"], /unknown option '--ouput'.*--out/],
  ["no experiment", {}, ["run"], /missing required argument 'experiment'/],
  ["an unknown command", {}, ["rum"], /unknown command 'rum'.*run/],
  ["a folder without results to view", {}, ["view", "."], /is no results folder/],
  [
    "a damaged manifest to view",
    { "out/manifest.json": '{"format":1}' },
    ["view", "out"],
    /^out cannot be read: manifest\.json: name is missing; /,
  ],
  ["nothing to view", {}, ["view", "missing"], /missing is not a folder/],
  ["a port that is none", {}, ["view", "--port", "99999"], /a port is a number/],
];

test.for(wrong)("%s: exit code 2 and one line", async ([, files, parameters, line]) => {
  const cwd = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(cwd, name, ".."), { recursive: true });
    writeFileSync(join(cwd, name), content);
  }
  const { code, output, errors } = await alphasweep(parameters, { cwd, env });
  expect(errors).toMatch(/^[^\n]+\n$/);
  expect(errors).toMatch(line);
  expect([code, output]).toEqual([2, ""]);
  expect(existsSync(join(cwd, "results"))).toBe(false);
});

test("a document that may not be read: exit code 2 and one line", async () => {
  const cwd = temporaryFolder();
  // Permissions do not hold root back; a name that is too long holds everyone back.
  writeFileSync(
    join(cwd, "a.json"),
    JSON.stringify({ ...good, data: { ...withFiles.data, inputs: `${"x".repeat(300)}.npy` } }),
  );
  chmodSync(join(cwd, "a.json"), 0o600);
  const { code, errors } = await alphasweep(["run", "a.json"], { cwd, env });
  expect([code, errors]).toEqual([
    2,
    expect.stringMatching(/^a\.json: x+\.npy cannot be read: its name is too long\n$/),
  ]);
});

test("a folder that is gone while one is in it: one line", async () => {
  const cwd = temporaryFolder();
  const words = [
    "-c",
    'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"',
    process.execPath,
    join(packageRoot, "bin", "alphasweep.js"),
    "list",
  ];
  const { status, stdout, stderr } = spawnSync("sh", words, { cwd, encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([1, "", "the folder that this command was started in is gone\n"]);
});

test("bash completes commands, options and experiments", async () => {
  const { code, output } = await alphasweep(["completion", "bash"]);
  expect(code).toBe(0);
  const completed = (...words: string[]): string[] => {
    const program = `${output}
COMP_WORDS=(alphasweep "$@"); COMP_CWORD=$#; _alphasweep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync("bash", ["-c", program, "bash", ...words], { encoding: "utf8" })
      .stdout.trim()
      .split("\n");
  };
  expect(completed("re")).toEqual(["reproduce"]);
  expect(completed("run", "alpha")).toEqual(["alpha-sweep"]);
  expect(completed("run", "--res")).toEqual(["--resume"]);
  expect(completed("reproduce", "table")).toEqual(["table-1"]);
  expect(completed("list", "zz")).toEqual([""]);
});

test("fish is told every command, and zsh takes bash's function", async () => {
  const [fish, zsh] = [await alphasweep(["completion", "fish"]), await alphasweep(["completion", "zsh"])];
  expect(fish.output).toMatch(/^complete -c alphasweep -n __fish_use_subcommand -a run -d '/m);
  expect(fish.output).toMatch(/seen_subcommand_from run' -l resume$/m);
  expect(zsh.output).toMatch(/^autoload .*bashcompinit\n_alphasweep\(\) \{/);
  expect(await alphasweep(["completion", "tcsh"])).toMatchObject({ code: 2, output: "" });
});

test("no browser: exit code 3, one line, and no results folder", async () => {
  const { code, output, errors } = await alphasweep(["run", "alpha-sweep", "--quiet"], { env });
  expect([code, output]).toEqual([3, ""]);
  expect(errors).toBe(
    'PUPPETEER_EXECUTABLE_PATH is "/nowhere/chrome", which is no program; set it to the path of a Chrome, or unset it\n',
  );
});

test.for([
  [[], /Usage: alphasweep/],
  [["--help"], /Exit codes: 0 done/],
  [["run", "--help"], /--set <path=json>[\s\S]*Examples:[\s\S]*sweep\[0\]\.values/],
  [["list", "--help"], /Example/],
  [["reproduce", "--help"], /Example/],
  [["view", "--help"], /--port/],
  [["bench", "--help"], /--peers/],
  [["doctor", "--help"], /Example/],
  [["completion", "--help"], /Example/],
] as [string[], RegExp][])("%j prints help", async ([parameters, text]) => {
  const { code, output, errors } = await alphasweep(parameters);
  expect(output + errors).toMatch(text);
  expect(code).toBe(parameters.length === 0 ? 2 : 0);
});

test("--version prints the package's version", async () => {
  expect(await alphasweep(["--version"])).toEqual({
    code: 0,
    output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    errors: "",
  });
});

test("list prints a line for every built-in experiment, by paper, in a hundred columns", async () => {
  const { code, output, errors } = await alphasweep(["list"]);
  expect([code, errors]).toEqual([0, ""]);
  expect(output).toMatch(/^alpha-sweep +10 runs +\S/m);
  // Which has no claims, but says in its description what it is after.
  expect(output).toMatch(/^# thesis\nalpha-sweep /);
  expect(output).toMatch(/^table-1 +6 runs {2}\d+\.\d s +\S/m);
  const lines = output.split("\n");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  const others = lines.findIndex((line) => line.includes("takes these names as well"));
  const listed = lines
    .slice(0, others)
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" ")[0]);
  expect(listed.sort()).toEqual(builtInNames());
  expect(lines.slice(others)).toContainEqual(expect.stringMatching(/^theorem-2 +flow-limit$/));
});
