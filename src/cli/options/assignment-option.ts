import { Option } from "commander";
import { type Assignment, parseAssignment } from "../experiment/assignment.ts";

/** `--set`, of the commands that read an experiment. */
export const assignmentOption = (): Option =>
  new Option("--set <path=json>", "change the document before it is checked; may be repeated")
    .argParser((text, assignments: Assignment[]) => [...assignments, parseAssignment(text)])
    .default([]);
