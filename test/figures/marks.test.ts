import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { drawChart, pointed } from "../../viewer/figures/chart.ts";
import { marksOf } from "../../viewer/figures/placed-marks.ts";
import { light } from "../../viewer/figures/theme.ts";

test("a drawing describes no point before someone asks", () => {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const described: number[] = [];
  const points = [1, 2, 3].map((x) => ({ x, y: x * x }));
  const drawing = drawChart(
    {
      label: "squares",
      x: { title: "x", type: "linear", domain: [0, 4] },
      y: { title: "y", type: "linear", domain: [0, 10] },
      legend: [],
      marks: pointed(points, {
        text: ({ x }) => {
          described.push(x);
          return `x = ${x}`;
        },
        colour: () => "black",
        theme: light,
      }),
      notes: [],
    },
    { document, width: 300, theme: light },
  );
  expect(described).toEqual([]);
  expect(marksOf(drawing).map(({ text }) => text)).toEqual(["x = 1", "x = 2", "x = 3"]);
});
