import { BinaryReader } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { StructDecoder } from "./struct-decoder";

type Fields = (this: Struct, onlyExisting?: boolean) => ReturnType<Struct["getFieldsMap"]>;

/** The plain value that the SDK reads from a struct. */
type Plain = ReturnType<Struct["toJavaScript"]>;

/** Encodings of received structs whose messages have not been read yet. */
const received = new WeakMap<Struct, Uint8Array>();

/** Texts and mappings without a special meaning. */
const plain = {
  text: (value: string) => value,
  mapping: (fields: Record<string, unknown>) => fields,
};

let isDone = false;

/**
 * Makes each received struct keep its encoding until its messages are read. A message object for each value
 * of a resource takes a third of a provider's CPU time and a sixth of the program's, and the SDK only needs
 * the plain JavaScript values.
 */
export function keepEncodings(): void {
  if (isDone) return;
  isDone = true;
  const { deserializeBinaryFromReader } = Struct;
  const { toJavaScript } = Struct.prototype;
  const fieldsOf: Fields = Struct.prototype.getFieldsMap;
  const getFieldsMap: Fields = function (onlyExisting) {
    const bytes = received.get(this);
    received.delete(this);
    if (bytes !== undefined) deserializeBinaryFromReader(this, new BinaryReader(bytes));
    return fieldsOf.call(this, onlyExisting);
  };
  Struct.prototype.getFieldsMap = getFieldsMap;
  Struct.prototype.toJavaScript = function () {
    const bytes = received.get(this);
    if (bytes === undefined) return toJavaScript.call(this);
    return new StructDecoder<unknown>(bytes, plain).fields() as Plain;
  };
  Struct.deserializeBinaryFromReader = (struct: Struct, reader: BinaryReader) => {
    const hasFields = (getFieldsMap.call(struct, true)?.getLength() ?? 0) > 0;
    // A struct that already has fields gets the new ones in addition.
    if (hasFields) return deserializeBinaryFromReader(struct, reader);
    const start = reader.getCursor();
    while (reader.nextField()) reader.skipField();
    received.set(struct, reader.getBuffer().subarray(start, reader.getCursor()));
    return struct;
  };
}

/**
 * Returns the encoding of a received struct; undefined if its messages were read, or if it was created in
 * this process.
 */
export function encodingOf(struct: Struct): Uint8Array | undefined {
  return received.get(struct);
}
