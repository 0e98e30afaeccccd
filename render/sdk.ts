import { Resource } from "@pulumi/pulumi";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

type Plain = Record<string, JavaScriptValue>;
type Fields = (this: Struct, onlyExisting?: boolean) => ReturnType<Struct["getFieldsMap"]>;

/** Values of structs whose messages have not been read yet. */
const plain = new WeakMap<Struct, Plain>();

let isDone = false;

/**
 * Disables what the SDK does for an engine, where none is: a message object for each value, which takes half of the CPU
 * time of a recording, and the lines of the program that declare a resource, which take a tenth.
 */
export function prepareRecording(): void {
  if (isDone) return;
  isDone = true;
  keepValues();
  (Resource as unknown as { callsites: () => object[] }).callsites = () => [];
}

/** Makes each struct that is created from values keep them until its messages are read. */
function keepValues(): void {
  const { fromJavaScript } = Struct;
  const { toJavaScript } = Struct.prototype;
  const fieldsOf: Fields = Struct.prototype.getFieldsMap;
  const getFieldsMap: Fields = function (onlyExisting) {
    const values = plain.get(this);
    plain.delete(this);
    const fields = fieldsOf.call(this, onlyExisting);
    if (values === undefined) return fields;
    const own = fieldsOf.call(this);
    fromJavaScript(values)
      .getFieldsMap()
      .forEach((value, key) => own.set(key, value));
    return own;
  };
  Struct.fromJavaScript = (values) => {
    const struct = new Struct();
    plain.set(struct, copyValue(values) as Plain);
    return struct;
  };
  Struct.prototype.getFieldsMap = getFieldsMap;
  Struct.prototype.toJavaScript = function () {
    const values = plain.get(this);
    return values === undefined ? toJavaScript.call(this) : (copyValue(values) as Plain);
  };
}

/**
 * Returns a copy of a value, in the order of a message's fields.
 * @throws Error if a message cannot have it, as the package does.
 */
function copyValue(value: JavaScriptValue): JavaScriptValue {
  if (Array.isArray(value)) return value.map(copyValue);
  if (value === null) return null;
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "object":
      return copyFields(value as Plain);
    default:
      throw new Error("Unexpected struct type.");
  }
}

function copyFields(values: Plain): Plain {
  const copy: Plain = {};
  for (const name of Object.keys(values).sort()) {
    copy[name] = copyValue(values[name] as JavaScriptValue);
  }
  return copy;
}
