/** The files in which Vulkan's loader reads of drivers: what is wrong with them it tells in words of its own, or not at all. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const folders = ["/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/usr/share/vulkan/icd.d"];

/** What is wrong with the files that drivers are found by on Linux, a line each, with the mend. */
export function driverFileProblems(): string[] {
  const variable = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"].find((name) => process.env[name]);
  if (variable === undefined) return folders.flatMap(filesIn).flatMap((file) => problemOf(file) ?? []);
  return process.env[variable]!.split(delimiter)
    .filter(Boolean)
    .flatMap((path) => (isFolder(path) ? filesIn(path) : [path]))
    .flatMap((file) => {
      const problem = existsSync(file) ? problemOf(file) : `${file} is not there`;
      return problem === undefined ? [] : `${problem}; ${variable} names it`;
    });
}

function problemOf(file: string): string | undefined {
  try {
    const { ICD: driver } = JSON.parse(readFileSync(file, "utf8")) as { ICD?: { library_path?: unknown } };
    const library = driver?.library_path;
    if (typeof library !== "string") return `${file} names no driver: install it again, or remove the file`;
    // The system looks for others in folders of its own.
    if (library.startsWith("/") && !existsSync(library))
      return `${file} names a driver that is not there, ${library}: install it, or remove the file`;
    return undefined;
  } catch {
    return `${file} cannot be read as JSON: install its driver again, or remove the file`;
  }
}

const filesIn = (folder: string): string[] =>
  isFolder(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .map((name) => join(folder, name))
    : [];

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
