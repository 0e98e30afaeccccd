import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withoutDescriptions } from "../../../components/shared/crd-descriptions";
import { localFolder } from "../../../local/toolchain/paths";

const folder = join(localFolder, "crds");

describe("custom resource definitions", () => {
  it("lose only the descriptions of their schemas", () => {
    const definition = (text: object) => ({
      kind: "CustomResourceDefinition",
      spec: {
        names: { kind: "Thing" },
        versions: [
          {
            name: "v1",
            additionalPrinterColumns: [{ description: "kept", jsonPath: ".spec.a" }],
            schema: {
              openAPIV3Schema: {
                ...text,
                type: "object",
                required: ["description"],
                properties: {
                  description: { ...text, type: "string", default: "kept" },
                  list: { ...text, items: { ...text, default: { description: "kept" } } },
                  map: { additionalProperties: { ...text, type: "string" } },
                  either: { anyOf: [{ ...text, type: "integer" }], not: { ...text } },
                },
                "x-kubernetes-validations": [{ rule: "true", message: "kept" }],
              },
            },
          },
          { name: "v2" },
        ],
      },
    });
    assert.deepEqual(withoutDescriptions(definition({ description: "text" })), definition({}));
    assert.deepEqual(withoutDescriptions({ kind: "Other" }), { kind: "Other" });
  });

  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    it(`of ${file} are a third of the size`, () => {
      const { items } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { items: object[] };
      const long = JSON.stringify(items).length;
      const short = JSON.stringify(items.map((item) => withoutDescriptions(item)));
      assert.ok(short.length < long * 0.6, `${short.length} of ${long}`);
      assert.doesNotMatch(short, /"openAPIV3Schema":\{"description":"/);
    });
  }
});
