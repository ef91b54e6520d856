/** Hidden units of two inputs in the plane while they train, as Chizat et al. (2019) draw students and their teachers. */

import * as d3 from "d3";
import { teacherUnits } from "../../src/data/teacher.dataset.ts";
import type { Table } from "../../src/document/table.ts";
import type { TeacherData } from "../../src/document/types.ts";
import { arrayFrames } from "../../src/results/array-frames.ts";
import { evenly } from "../../src/results/evenly.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { teacherAlignment, type Units } from "../../src/theory/teacher-alignment.ts";
import { drawNotes, notesHeight, wrapNotes } from "./chart.ts";
import { drawingRoot } from "./drawing-root.ts";
import { defineFigure, type Frame, type Slider } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { layoutLegend } from "./legend.ts";
import { historyRows, numberAt, sweptPaths } from "./runs.ts";

/** More scales than this do not stand side by side. */
const mostPanels = 4;
const gap = 18;
const heading = 34;

/** A run's units at its records: |a_j| b_j, and the sign of a_j. */
interface Course {
  row: number;
  alpha: number;
  frames: { epoch: number; time: number; units: Units; places: { x: number; y: number; sign: number }[] }[];
  teachers: { x: number; y: number; sign: number }[];
  alignment(frame: number): number;
}

/** Rows of the runs table by what tells trials apart: everything but the scale. */
function trialsOf(results: Results): (readonly number[])[] {
  const trials = new Map<string, number[]>();
  const others = sweptPaths(results).filter((path) => path.endsWith(".seed"));
  for (let row = 0; row < results.runs.rows; row++) {
    if (arrayFrames(results, "neurons", row).length === 0) continue;
    const key = JSON.stringify(others.map((path) => results.runs.columns[path][row]));
    trials.set(key, [...(trials.get(key) ?? []), row]);
  }
  return [...trials.values()].map((rows) =>
    evenly(
      rows.sort((one, other) => alphaOf(results, one) - alphaOf(results, other)),
      mostPanels,
    ),
  );
}

const alphaOf = (results: Results, row: number): number => specifiedRuns(results)[row].init.alpha;

/** Of rows (b_1, b_2, a). */
function unitsOf(values: Float32Array): Units {
  const places = d3.range(0, values.length, 3);
  return {
    incoming: places.flatMap((at) => [values[at], values[at + 1]]),
    outgoing: places.map((at) => values[at + 2]),
  };
}

const placed = ({ incoming, outgoing }: Units) =>
  Array.from(outgoing, (a, j) => ({
    x: Math.abs(a) * incoming[2 * j],
    y: Math.abs(a) * incoming[2 * j + 1],
    sign: Math.sign(a),
  }));

function courseOf(results: Results, row: number): Course {
  const { epoch, time } = results.history.columns;
  const teachers = teacherUnits(specifiedRuns(results)[row].data as TeacherData);
  const frames = arrayFrames(results, "neurons", row).map(({ row: at, values }) => {
    const units = unitsOf(values);
    return { epoch: numberAt(epoch, at), time: numberAt(time, at), units, places: placed(units) };
  });
  return {
    row,
    alpha: alphaOf(results, row),
    frames,
    teachers: placed(teachers),
    alignment: (frame) => teacherAlignment(frames[frame].units, teachers).alignment,
  };
}

/** The last frame that is not after a share of the records. */
const frameAt = ({ frames }: Course, record: number): number => Math.min(record, frames.length - 1);

function draw(results: Results, frame: Frame, trial: number, record: number): SVGSVGElement {
  const { document, width, theme } = frame;
  const courses = trialsOf(results)[trial].map((row) => courseOf(results, row));
  const [positive, negative] = [theme.categories[1], theme.categories[0]];
  const colour = ({ sign }: { sign: number }) => (sign >= 0 ? positive : negative);
  const legend = layoutLegend(
    [
      {
        title: "students |aⱼ| bⱼ",
        entries: [
          { label: "aⱼ > 0", colour: positive, mark: "dot" },
          { label: "aⱼ < 0", colour: negative, mark: "dot" },
        ],
      },
      { entries: [{ label: "teachers", colour: theme.text, mark: "dashed" }] },
    ],
    width,
  );
  const columns = width < 480 ? 1 : Math.min(courses.length, width < 720 ? 2 : 4);
  const side = Math.min(420, Math.floor((width - gap * (columns - 1)) / columns));
  const rows = Math.ceil(courses.length / columns);
  const notes = wrapNotes(
    [
      "Each panel has a scale of its own, its half-width the number in its corner. Teachers are drawn as rays, in the colour of their sign; a student's trail begins at the small ring.",
    ],
    width,
  );
  const top = legend.height + 10;
  const bottom = top + rows * (heading + side + gap);
  const { drawing, root } = drawingRoot(
    document,
    width,
    bottom + notesHeight(notes.length),
    theme,
    "Hidden units in the plane while they train",
  );
  legend.draw(root.append("g").attr("role", "group").attr("aria-label", "legend"), theme);
  courses.forEach((course, panel) => {
    const at = frameAt(course, record);
    const { places, time } = course.frames[at];
    const reach =
      1.08 *
      Math.max(
        ...course.frames.flatMap((one) => one.places.map(({ x, y }) => Math.hypot(x, y))),
        ...course.teachers.map(({ x, y }) => Math.hypot(x, y)),
      );
    const scale = d3.scaleLinear([-reach, reach], [0, side]);
    const point = ({ x, y }: { x: number; y: number }): [number, number] => [scale(x), side - scale(y)];
    const group = root
      .append("g")
      .attr("role", "group")
      .attr("aria-label", `α = ${formatNumber(course.alpha)}`)
      .attr(
        "transform",
        `translate(${(panel % columns) * (side + gap)},${top + Math.floor(panel / columns) * (heading + side + gap) + heading})`,
      );
    const line = (text: string, y: number, fill: string) =>
      group.append("text").attr("y", y).attr("fill", fill).text(text);
    line(`τ = ${formatNumber(course.alpha)}`, -20, theme.text).attr("font-weight", 600);
    line(`t = ${formatNumber(time, 3)}, alignment ${course.alignment(at).toFixed(2)}`, -6, theme.muted);
    group
      .append("rect")
      .attr("width", side)
      .attr("height", side)
      .attr("fill", "none")
      .attr("stroke", theme.grid);
    for (const axis of [
      [0, side / 2, side, side / 2],
      [side / 2, 0, side / 2, side],
    ])
      ["x1", "y1", "x2", "y2"].reduce(
        (drawn, name, k) => drawn.attr(name, axis[k]),
        group.append("line").attr("stroke", theme.grid),
      );
    group
      .append("text")
      .attr("x", side - 4)
      .attr("y", side / 2 - 4)
      .attr("font-size", 11)
      .attr("text-anchor", "end")
      .attr("fill", theme.muted)
      .text(formatNumber(reach, 2));
    for (const teacher of course.teachers) {
      const length = Math.hypot(teacher.x, teacher.y);
      const [x, y] = point({ x: (teacher.x * reach) / length, y: (teacher.y * reach) / length });
      group
        .append("line")
        .attr("x1", side / 2)
        .attr("y1", side / 2)
        .attr("x2", x)
        .attr("y2", y)
        .attr("stroke", colour(teacher))
        .attr("stroke-width", 1.5)
        .attr("stroke-dasharray", "5,4");
    }
    const path = d3.line<{ x: number; y: number }>(
      (place) => point(place)[0],
      (place) => point(place)[1],
    );
    places.forEach((place, j) => {
      const trail = course.frames.slice(0, at + 1).map((one) => one.places[j]);
      const [startX, startY] = point(trail[0]);
      const [x, y] = point(place);
      group
        .append("path")
        .attr("d", path.digits(1)(trail))
        .attr("fill", "none")
        .attr("stroke", colour(place))
        .attr("stroke-opacity", 0.55);
      group
        .append("circle")
        .attr("cx", startX)
        .attr("cy", startY)
        .attr("r", 2)
        .attr("fill", "none")
        .attr("stroke", colour(place));
      group.append("circle").attr("cx", x).attr("cy", y).attr("r", 3.2).attr("fill", colour(place));
    });
  });
  drawNotes(drawing, notes, bottom + 4, theme.muted);
  return drawing;
}

const mostRecords = (results: Results): number =>
  Math.max(
    ...trialsOf(results).flatMap((rows) => rows.map((row) => arrayFrames(results, "neurons", row).length)),
  );

export const neurons = defineFigure<{ trial: Slider; record: Slider }>({
  id: "neurons",
  title: "Students and teachers in the plane",
  caption:
    "Hidden units while they train, each |aⱼ| bⱼ where it has come to and the trail behind it. From a small start units turn and gather on the teachers' rays; from a large one they fit the same data and hardly move.",
  needs: [],
  arrays: ["neurons"],
  shows: (results) =>
    results.arrays.neurons?.shape[3] === 3 &&
    specifiedRuns(results).every(({ data }) => data.kind === "teacher" && data.widths.length === 1) &&
    trialsOf(results).length > 0,
  wide: true,
  controls: (results) => {
    const records = mostRecords(results);
    const [[first]] = trialsOf(results);
    const epochs = Array.from(historyRows(results)[first], (row) =>
      numberAt(results.history.columns.epoch, row),
    );
    return {
      trial: {
        kind: "slider",
        label: "Trial",
        positions: trialsOf(results).length,
        initial: 0,
        show: (position) => `${position + 1}`,
      },
      record: {
        kind: "slider",
        label: "Epoch",
        positions: records,
        initial: records - 1,
        show: (position) => formatNumber(epochs[Math.min(position, epochs.length - 1)]),
        plays: true,
      },
    };
  },
  draw: (results, frame, { trial, record }) => draw(results, frame, trial, record),
  data(results, { trial, record }): Table {
    const rows = trialsOf(results)
      [trial].map((row) => courseOf(results, row))
      .flatMap((course) =>
        course.frames[frameAt(course, record)].places.map((place, unit) => ({
          alpha: course.alpha,
          unit,
          ...place,
        })),
      );
    const column = (name: keyof (typeof rows)[0]) => Float64Array.from(rows, (row) => row[name]);
    return {
      rows: rows.length,
      columns: {
        "init.alpha": column("alpha"),
        unit: column("unit"),
        "|a| b1": column("x"),
        "|a| b2": column("y"),
        "sign of a": column("sign"),
      },
    };
  },
});
