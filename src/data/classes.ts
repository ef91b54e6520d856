/** How documents say which labels of images make classes. */

import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field } from "../document/field.ts";
import { shown } from "../document/shown.ts";

const label = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));

/** Labels that make classes: of two the first become +1, the others -1; more are numbered from 0. */
export type Classes = (number | number[])[];

export const classes = field(
  "The labels that become +1, and those that become -1: [3, 8], or [[0, 2, 4], [1, 3]]; or three classes and more, which are numbered from 0. Images of other labels are left out.",
  "classes are two labels or more, or lists of labels (whole numbers from 0 to 255): of two the first become +1, the others -1; more are numbered from 0",
  v.pipe(
    v.array(v.union([label, v.pipe(v.array(label), v.nonEmpty(), v.maxLength(256))])),
    v.minLength(2),
    v.maxLength(256),
  ),
);

/** The labels of each class. */
export const classLists = (classes: Classes): number[][] =>
  classes.map((side) => (typeof side === "number" ? [side] : side));

/**
 * @param most the largest label that there is
 * @throws DocumentError where a label is in two classes, or there is none such
 */
export function checkClasses(classes: Classes, most = 255): void {
  const lists = classLists(classes);
  const refuse = (problem: string) => new DocumentError("data.classes", `is ${shown(classes)}; ${problem}`);
  lists.forEach((list, place) => {
    const both = list.find((each) => lists.some((other, k) => k > place && other.includes(each)));
    if (both !== undefined)
      throw refuse(`label ${both} cannot be ${lists.length === 2 ? "both +1 and -1" : "in two classes"}`);
    const beyond = list.find((each) => each > most);
    if (beyond !== undefined) throw refuse(`labels are from 0 to ${most}, and ${beyond} is none`);
  });
}
