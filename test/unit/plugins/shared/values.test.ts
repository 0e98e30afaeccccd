import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  containsSecret,
  containsUnknown,
  fromStruct,
  PropertyMap,
  PropertyValue,
  Secret,
  SIGNATURE_KEY,
  toStruct,
  UNKNOWN,
  unwrapSecrets,
} from "../../../../local/plugins/shared/values";
import { propertyMap } from "./arbitrary";

const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Returns `map` after it was sent and received. */
function sent(map: Parameters<typeof toStruct>[0]): Struct {
  return Struct.deserializeBinary(toStruct(map).serializeBinary());
}

describe("property values", () => {
  it("are unchanged after the way to the engine and back", () => {
    fc.assert(
      fc.property(propertyMap({ special: true }), (map) => {
        assert.deepEqual(fromStruct(sent(map)), map);
      }),
    );
  });

  it("keep their meaning when nothing about them is special", () => {
    fc.assert(
      fc.property(propertyMap({ special: false }), (map) => {
        assert.deepEqual(sent(map).toJavaScript(), map);
        assert.equal(unwrapSecrets(map) === map, false);
        assert.deepEqual(unwrapSecrets(map), map);
        assert.equal(containsSecret(map) || containsUnknown(map), false);
      }),
    );
  });

  it("decode every mark of an unknown value", () => {
    const marks = [
      "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
      "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
      "030794c1-ac77-496b-92df-f27374a8bd58",
      "e48ece36-62e2-4504-bad9-02848725956a",
      "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ];
    const decoded = fromStruct(sent({ marks, text: `${marks[0]} ` }));
    assert.deepEqual(
      decoded.marks,
      marks.map(() => UNKNOWN),
    );
    assert.equal(decoded.text, `${marks[0]} `);
  });

  it("decode secrets and outputs to their content", () => {
    const output = (content: PropertyMap) => ({
      [SIGNATURE_KEY]: OUTPUT,
      ...content,
    });
    const decoded = fromStruct(
      sent({
        secret: { [SIGNATURE_KEY]: SECRET, value: { a: [1] } },
        plain: output({ value: "x", dependencies: ["urn:a"] }),
        unknown: output({}),
        hidden: output({ value: "x", secret: true }),
        both: output({ secret: true }),
      }),
    );
    assert.deepEqual(decoded, {
      secret: new Secret({ a: [1] }),
      plain: "x",
      unknown: UNKNOWN,
      hidden: new Secret("x"),
      both: new Secret(UNKNOWN),
    });
  });

  it("do not change assets and resource references", () => {
    const map = {
      asset: {
        [SIGNATURE_KEY]: "c44067f5952c0a294b673a41bacd8c17",
        text: "x",
      },
      reference: {
        [SIGNATURE_KEY]: "5cf8f73096256a8f31e491e813e4eb8e",
        urn: "urn:a",
      },
    };
    assert.deepEqual(fromStruct(sent(map)), map);
  });

  it("omit undefined in maps and make it null in lists", () => {
    const items = [1, undefined, 2] as PropertyValue[];
    assert.deepEqual(fromStruct(sent({ gone: undefined, items })), {
      items: [1, null, 2],
    });
  });

  it("find and unwrap secrets and unknowns at any depth", () => {
    const value = { a: [{ b: new Secret({ c: new Secret(UNKNOWN) }) }] };
    assert.equal(containsSecret(value), true);
    assert.equal(containsUnknown(value), true);
    const plain = unwrapSecrets(value);
    assert.deepEqual(plain, { a: [{ b: { c: UNKNOWN } }] });
    assert.equal(containsSecret(plain), false);
    assert.equal(containsUnknown(plain), true);
  });
});
