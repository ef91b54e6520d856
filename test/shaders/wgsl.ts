/** What wgsl_reflect does not tell: overrides used in helper functions, and workgroup memory. */

/** WGSL without comments. */
export const uncommented = (code: string): string =>
  code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/[^\n]*/g, "");

/** Names and types of `override` declarations, in order. */
export function overridesIn(code: string): Map<string, string> {
  const declarations = uncommented(code).matchAll(/^\s*(?:@id\(\d+\)\s*)?override\s+(\w+)\s*:\s*(\w+)/gm);
  return new Map(Array.from(declarations, ([, name, type]) => [name, type]));
}

/** Text of each function by name, its attributes included. */
function functionsIn(code: string): Map<string, string> {
  const texts = uncommented(code).matchAll(/(?:@compute[^{;]*?)?\bfn\s+(\w+)\s*\([\s\S]*?\n\}/g);
  return new Map(Array.from(texts, ([text, name]) => [name, text]));
}

const words = (text: string): Set<string> => new Set(text.match(/\b[A-Za-z_]\w*\b/g));

/** Words in an entry point, and in the functions and constants that it reaches. */
function reached(code: string, entry: string): Set<string> {
  const texts = functionsIn(code);
  for (const [text, name] of uncommented(code).matchAll(
    /^\s*(?:const|override|var<workgroup>)\s+(\w+)[^;]*;/gm,
  ))
    texts.set(name, text);
  const found = new Set<string>();
  const open = [entry];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const word of words(texts.get(name) ?? ""))
      if (!found.has(word)) {
        found.add(word);
        open.push(word);
      }
  return found;
}

/** Overrides that an entry point depends on, in helper functions too. */
export function overridesOf(code: string, entry: string): string[] {
  const used = reached(code, entry);
  return [...overridesIn(code).keys()].filter((name) => used.has(name));
}

/** True when an entry point uses `var<workgroup>` memory. */
export function sharesMemory(code: string, entry: string): boolean {
  const used = reached(code, entry);
  return Array.from(uncommented(code).matchAll(/var<workgroup>\s+(\w+)/g)).some(([, name]) => used.has(name));
}
