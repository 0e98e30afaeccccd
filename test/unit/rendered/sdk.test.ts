import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { Struct, Value, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { record } from "../../../render/record";
import { prepareRecording } from "../../../render/sdk";

type Plain = Record<string, JavaScriptValue>;

const value = fc.jsonValue() as fc.Arbitrary<JavaScriptValue>;
/** A config with `__proto__` anywhere is refused before the program runs. */
const values = fc
  .dictionary(fc.string(), value)
  .filter((given) => !JSON.stringify(given).includes('"__proto__":'));

/** Returns what a struct has after its messages were sent. */
function sent(struct: Struct): Plain {
  return Struct.deserializeBinary(struct.serializeBinary()).toJavaScript();
}

describe("a struct of a recording", () => {
  before(prepareRecording);

  it("has the same values as its messages, in the same order", () => {
    fc.assert(
      fc.property(values, (given) => {
        const [kept, read] = [Struct.fromJavaScript(given), Struct.fromJavaScript(given)];
        read.getFieldsMap();
        assert.deepEqual(kept.toJavaScript(), read.toJavaScript());
        const text = JSON.stringify(kept.toJavaScript());
        assert.equal(text, JSON.stringify(read.toJavaScript()));
        assert.equal(text, JSON.stringify(sent(kept)));
      }),
    );
  });

  it("does not change with the values from which it was created, or that were read", () => {
    const given = { list: [1, { deep: true }] };
    const struct = Struct.fromJavaScript(given);
    given.list.push(2);
    (struct.toJavaScript()["list"] as JavaScriptValue[]).push(3);
    assert.deepEqual(struct.toJavaScript(), { list: [1, { deep: true }] });
  });

  it("can be changed through its messages", () => {
    const struct = Struct.fromJavaScript({ a: { b: 1 } });
    struct.getFieldsMap().set("c", new Value().setStringValue("new"));
    assert.deepEqual(struct.toJavaScript(), { a: { b: 1 }, c: "new" });
    assert.deepEqual(sent(struct), { a: { b: 1 }, c: "new" });
  });

  it("refuses what a message cannot contain", () => {
    for (const odd of [undefined, () => 1, 1n, Symbol("s")]) {
      const given = { list: [odd] } as unknown as Plain;
      assert.throws(() => Struct.fromJavaScript(given), /^Error: Unexpected struct type\.$/);
    }
  });
});

describe("a recording", () => {
  class One extends pulumi.CustomResource {}
  const one = () => {
    new One("test:index:One", "one", { list: ["a", { b: pulumi.secret("c") }] });
    return Promise.resolve({});
  };

  it("creates no messages for values, and does not look for the lines that declare a resource", async () => {
    prepareRecording();
    const { fromJavaScript } = Value;
    let count = 0;
    try {
      Value.fromJavaScript = (each) => {
        count += 1;
        return fromJavaScript(each);
      };
      const { registrations } = await record(one, "test", {});
      const inputs = registrations.find(({ name }) => name === "one")?.inputs;
      assert.deepEqual(inputs, { list: ["a", { b: "c" }] });
    } finally {
      Value.fromJavaScript = fromJavaScript;
    }
    assert.equal(count, 0);
    const { callsites } = pulumi.Resource as unknown as { callsites: () => object[] };
    assert.deepEqual(callsites(), []);
  });
});
