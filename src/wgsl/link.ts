/**
 * Puts WGSL modules together. A line `// use NAME` in a shader, or in a module, asks for the module of that name; each is put
 * in once, at the end: WGSL's declarations may stand in any order. What a module enables is enabled at the start, where WGSL wants
 * it, and followed by an empty line, where constants can be declared, and by all overrides: naga, which Firefox compiles with,
 * ends in a panic where an array of a size that depends on one stands before others. The text is not changed otherwise, so that
 * any tool that knows WGSL reads shaders and modules as they are written, and a compiler's line is one that a person wrote.
 */

/** Where a line was written. */
export interface Origin {
  file: string;
  /** Counted from 1. */
  line: number;
}

export interface Linked {
  code: string;
  /** Of each line of `code`. */
  origins: Origin[];
}

const use = /^\/\/ use (\w+)$/;
const enable = /^enable \w+;$/;
const override = /^override .*;$/;

/**
 * @param file the shader's path, as errors name it
 * @param besides modules that are put in first, whether the shader asks for them or not
 * @param modules by name, the path and the text of every module that may be asked for
 * @throws Error naming the file and the line that asks for a module that is not there
 */
export function link(
  file: string,
  code: string,
  modules: ReadonlyMap<string, { file: string; code: string }>,
  besides: readonly string[] = [],
): Linked {
  const enabled: [string, Origin][] = [];
  const overridden: [string, Origin][] = [];
  const written: [string, Origin][] = [];
  const asked = new Set<string>();
  const queue = [{ file, code }];
  const ask = (name: string, place: string) => {
    if (asked.has(name)) return;
    const module = modules.get(name);
    if (!module) throw new Error(`${place}: no WGSL module is called ${name}`);
    asked.add(name);
    queue.push(module);
  };
  for (const name of besides) ask(name, file);
  for (let source = queue.shift(); source; source = queue.shift()) {
    const { file, code } = source;
    code.split("\n").forEach((text, index) => {
      const place = { file, line: index + 1 };
      const lines = enable.test(text) ? enabled : override.test(text) ? overridden : written;
      lines.push([text, place]);
      const name = use.exec(text)?.[1];
      if (name !== undefined) ask(name, `${file}:${index + 1}`);
    });
  }
  const lines = [...enabled, ["", { file, line: 1 }] as const, ...overridden, ...written];
  return { code: lines.map(([text]) => text).join("\n"), origins: lines.map(([, place]) => place) };
}
