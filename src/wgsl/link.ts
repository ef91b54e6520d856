/**
 * Puts WGSL modules together. A line `// use NAME` in a shader, or in a module, asks for the module of that name; each is put
 * in once, at the end: WGSL's declarations may stand in any order. The text is not changed otherwise, so that any tool that
 * knows WGSL reads shaders and modules as they are written, and a compiler's line is one that a person wrote.
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

/**
 * @param file the shader's path, as errors name it
 * @param modules by name, the path and the text of every module that may be asked for
 * @throws Error naming the file and the line that asks for a module that is not there
 */
export function link(
  file: string,
  code: string,
  modules: ReadonlyMap<string, { file: string; code: string }>,
): Linked {
  const lines: string[] = [];
  const origins: Origin[] = [];
  const asked = new Set<string>();
  const queue = [{ file, code }];
  for (let source = queue.shift(); source; source = queue.shift()) {
    const { file, code } = source;
    code.split("\n").forEach((text, index) => {
      lines.push(text);
      origins.push({ file, line: index + 1 });
      const name = use.exec(text)?.[1];
      if (name === undefined || asked.has(name)) return;
      const module = modules.get(name);
      if (!module) throw new Error(`${file}:${index + 1}: no WGSL module is called ${name}`);
      asked.add(name);
      queue.push(module);
    });
  }
  return { code: lines.join("\n"), origins };
}
