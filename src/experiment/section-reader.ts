import type { InferOutput } from "valibot";
import { isObject, parsePath, type Path, withValue } from "../document/path.ts";
import { advance } from "./product.ts";
import { readPart } from "./read.ts";
import { type Section, sectionSchemas } from "./schema.ts";
import { allowedKeys, meantObject, nodeOf } from "./schema-tree.ts";
import { sayingSwept } from "./swept-values.ts";
import type { Json, SweepAxis } from "../document/types.ts";

/** One value that a sweep sets in the section. */
interface Setting {
  axis: number;
  /** Which of the axis's paths. */
  place: number;
  written: string;
  /** Within the section. */
  path: Path;
}

/**
 * One section of the document in all of its variants. Only the axes that set something in it tell its variants apart,
 * so each is read once however many runs the other axes make, and runs share what is equal (it is frozen).
 */
export class SectionReader<Name extends Section> {
  private readonly settings: Setting[];
  /** The axes that set something here, and their lengths. */
  private readonly touching: number[];
  private readonly sizes: number[];
  private readonly variants: InferOutput<(typeof sectionSchemas)[Name]>[] = [];

  /**
   * @param written what the document holds, undefined where it leaves the section out
   * @throws DocumentError with the section's first problem
   */
  constructor(
    private readonly section: Name,
    private readonly written: Json | undefined,
    private readonly axes: readonly SweepAxis[],
  ) {
    this.settings = axes.flatMap(({ paths }, axis) =>
      paths.flatMap((written, place) => {
        const [first, ...path] = parsePath(written)!;
        return first === section ? { axis, place, written, path } : [];
      }),
    );
    this.touching = [...new Set(this.settings.map(({ axis }) => axis))];
    this.sizes = this.touching.map((axis) => axes[axis].values.length);
    this.readVariants();
  }

  /** The section of the run at this point of all axes. */
  at(steps: readonly number[]): InferOutput<(typeof sectionSchemas)[Name]> {
    let variant = 0;
    for (let place = 0; place < this.touching.length; place++) {
      variant = variant * this.sizes[place] + steps[this.touching[place]];
    }
    return this.variants[variant];
  }

  private readVariants(): void {
    const schema = sectionSchemas[this.section];
    const count = this.sizes.reduce((product, size) => product * size, 1);
    const steps = this.axes.map(() => 0);
    for (let variant = 0; variant < count; variant++) {
      const values = this.settings.map(({ axis, place }) => this.axes[axis].values[steps[axis]][place]);
      const swept = () => Object.fromEntries(this.settings.map(({ written }, k) => [written, values[k]]));
      this.variants.push(
        sayingSwept(swept, () => deepFreeze(readPart(schema, this.with(values), [this.section]))),
      );
      advance(steps, this.axes, this.touching);
    }
  }

  private with(values: readonly Json[]): Json {
    let section: Json = this.written === undefined ? {} : this.written;
    // What is not an object is refused as it is.
    if (!isObject(section)) return section;
    this.settings.forEach(({ path }, k) => {
      section = withValue(section, path, values[k]);
    });
    return this.settings.length > 0 ? this.ofItsKind(section) : section;
  }

  /** Where an axis sets the kind, each run takes only its own kind's keys of those that the document holds for all. */
  private ofItsKind(section: Json): Json {
    const schema = nodeOf(sectionSchemas[this.section]);
    const meant = meantObject(schema, section);
    if (!meant || !this.settings.some(({ path }) => path[0] === schema.key)) return section;
    const foreign = new Set(allowedKeys(schema).filter((name) => !Object.hasOwn(meant.entries!, name)));
    return Object.fromEntries(Object.entries(section as object).filter(([name]) => !foreign.has(name)));
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
