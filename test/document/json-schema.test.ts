import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { experimentJsonSchema } from "../../src/experiment/json-schema.ts";

const file = new URL("../../experiment.schema.json", import.meta.url).pathname;

const regenerate =
  "`npx vitest run --project node test/document/json-schema.test.ts --update` writes experiment.schema.json anew";

test("experiment.schema.json is current", async () => {
  const style = await resolveConfig(file);
  const text = await format(JSON.stringify(experimentJsonSchema()), { ...style, parser: "json" });
  await expect(text, regenerate).toMatchFileSnapshot(file);
});

test("fields of sections are optional, because an axis may set them", () => {
  const { properties, required } = experimentJsonSchema();
  expect(required).toBeUndefined();
  for (const section of ["data", "model", "loss", "init", "train", "record"]) {
    // Layers of a list say what they need themselves.
    const text = JSON.stringify(withoutChoices(properties![section]), (key, value: unknown) =>
      key === "items" ? undefined : value,
    );
    expect(text).not.toContain("required");
  }
});

/** Shapes and intervals are choices between objects: there a key tells which. */
function withoutChoices(schema: unknown): unknown {
  const { properties, ...rest } = schema as { properties?: Record<string, object> };
  return [rest, Object.entries(properties ?? {}).filter(([, field]) => !("anyOf" in field))];
}

test("every field has a description for editors", () => {
  type Section = { properties?: Record<string, object>; anyOf?: Section[] };
  const { properties } = experimentJsonSchema() as { properties: Record<string, Section> };
  for (const section of ["loss", "init", "train", "record"]) {
    for (const choice of properties[section].anyOf ?? [properties[section]]) {
      for (const [field, schema] of Object.entries(choice.properties!)) {
        expect(schema, `${section}.${field}`).toHaveProperty("description");
      }
    }
  }
});
