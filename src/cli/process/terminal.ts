/** A stream that may be a terminal. */
type Stream = Pick<NodeJS.WriteStream, "isTTY" | "columns">;

/** Whether what stands on a line can be drawn again: on a terminal, where TERM does not say that it cannot. */
export const isRedrawable = ({ isTTY }: Stream): boolean =>
  Boolean(isTTY) && (process.platform === "win32" || !["", "dumb"].includes(process.env.TERM ?? ""));

/** The width of a terminal. Some say that they have none. */
export const columnsOf = ({ columns }: Stream, otherwise: number): number => columns || otherwise;

const usualColumns = 80;

/** Text that replaces what stands on a terminal's line, cut to one line. */
export const redrawn = (text: string, stream: Stream): string =>
  `\r${text.slice(0, columnsOf(stream, usualColumns) - 1)}${toEnd}`;

const toEnd = "\x1b[K";

/** What clears a terminal's line. */
export const cleared = `\r${toEnd}`;
