import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { encodingOf } from "../../../cluster/received-struct";
import { StructDecoder } from "../../../cluster/struct-decoder";
import { fromStruct, toStruct, type PropertyMap } from "../../../local/plugins/shared/values";
import { propertyMap } from "../plugins/shared/arbitrary";

/** Returns a struct as a plugin gets it. */
function received(map: PropertyMap): Struct {
  return Struct.deserializeBinary(toStruct(map).serializeBinary());
}

const decode = (bytes: Uint8Array) =>
  new StructDecoder<unknown>(bytes, { text: (it) => it, mapping: (it) => it }).fields();

describe("a received struct", () => {
  it("is decoded from its encoding as from its messages, with the same order of fields", () => {
    fc.assert(
      fc.property(propertyMap({ special: true }), (map) => {
        const [encoded, read] = [received(map), received(map)];
        read.getFieldsMap();
        assert.notEqual(encodingOf(encoded), undefined);
        assert.equal(encodingOf(read), undefined);
        const [fast, slow] = [fromStruct(encoded), fromStruct(read)];
        assert.deepEqual(fast, slow);
        assert.equal(JSON.stringify(fast), JSON.stringify(slow));
        assert.equal(JSON.stringify(encoded.toJavaScript()), JSON.stringify(read.toJavaScript()));
        // It was only looked at.
        assert.notEqual(encodingOf(encoded), undefined);
      }),
    );
  });

  it("is passed on as received, also after a change", () => {
    const map = { b: [1, null, { deep: true }], a: "text" };
    const struct = received(map);
    assert.deepEqual(fromStruct(Struct.deserializeBinary(struct.serializeBinary())), map);
    const changed = received(map);
    changed.getFieldsMap().set("c", new Value().setStringValue("new"));
    assert.deepEqual(fromStruct(changed), { ...map, c: "new" });
    assert.deepEqual(fromStruct(Struct.deserializeBinary(changed.serializeBinary())), {
      ...map,
      c: "new",
    });
  });

  it("has the last of two values of a field, and omits unknown fields", () => {
    const [first, second] = [{ a: 1 }, { a: 2, b: 3 }].map((it) => toStruct(it).serializeBinary());
    // Field 9 of each type but a group.
    const unknown = [
      0x48, 0x80, 0x01, 0x4a, 0x02, 0x01, 0x02, 0x4d, 1, 2, 3, 4, 0x49, 1, 2, 3, 4, 5, 6, 7, 8,
    ];
    const bytes = Uint8Array.from([...first!, ...unknown, ...second!]);
    assert.deepEqual(decode(bytes), { a: 2, b: 3 });
    const read = Struct.deserializeBinary(bytes);
    assert.deepEqual(read.toJavaScript(), { a: 2, b: 3 });
  });

  it("has null for a field without a value, and any double and length", () => {
    assert.deepEqual(decode(Uint8Array.from([0x0a, 0x03, 0x0a, 0x01, 0x61])), { a: null });
    const map = { list: [-0.5, 1e300, 2 ** 53], text: "ü".repeat(100_000) };
    assert.deepEqual(decode(toStruct(map).serializeBinary()), map);
  });

  it("is refused if it ends too early", () => {
    const bytes = toStruct({ name: ["value", 1, { of: "it" }] }).serializeBinary();
    for (let length = 1; length < bytes.length; length++) {
      assert.throws(() => decode(bytes.slice(0, length)), /ends within a value/, `${length}`);
    }
    assert.throws(() => decode(Uint8Array.from([0x0b])), /field of the type 3/);
  });
});
