import { DocumentError } from "../../src/document/error.ts";

/** The one-line message of the DocumentError that `action` throws; any other outcome fails the test. */
export function problem(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DocumentError) return error.message;
    throw error;
  }
  throw new Error("no DocumentError was thrown");
}
