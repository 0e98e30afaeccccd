import { BinaryReader } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { StructDecoder } from "./struct-decoder";

type Fields = (this: Struct, onlyExisting?: boolean) => ReturnType<Struct["getFieldsMap"]>;

/** What the SDK takes from a struct. */
type Plain = ReturnType<Struct["toJavaScript"]>;

/** Structs that were received and whose messages nothing has asked for yet, with their encoding. */
const received = new WeakMap<Struct, Uint8Array>();

/** Texts and mappings that mean nothing else. */
const plain = {
  text: (value: string) => value,
  mapping: (fields: Record<string, unknown>) => fields,
};

let isDone = false;

/**
 * Has each struct that this process receives keep its encoding until something asks for its messages. A message for each
 * value of a resource takes a third of a provider's CPU time and a sixth of the program's, and the SDK only asks for
 * what JavaScript has in their place.
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
    // What has fields gets further ones.
    if (hasFields) return deserializeBinaryFromReader(struct, reader);
    const start = reader.getCursor();
    while (reader.nextField()) reader.skipField();
    received.set(struct, reader.getBuffer().subarray(start, reader.getCursor()));
    return struct;
  };
}

/** Returns the encoding of a struct that was received; undefined for one whose messages were asked for or made here. */
export function encodingOf(struct: Struct): Uint8Array | undefined {
  return received.get(struct);
}
