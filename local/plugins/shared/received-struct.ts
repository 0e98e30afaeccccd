import { BinaryReader } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Structs that were received and whose messages nothing has asked for yet, with their encoding. */
const received = new WeakMap<Struct, Uint8Array>();

type Fields = (this: Struct, onlyExisting?: boolean) => ReturnType<Struct["getFieldsMap"]>;

const { deserializeBinaryFromReader } = Struct;
const fieldsOf: Fields = Struct.prototype.getFieldsMap;

// A message for each value of a resource takes a third of a provider's CPU time. So a struct that is received keeps its
// encoding, for `encodingOf`, until something asks for its messages.
const getFieldsMap: Fields = function (onlyExisting) {
  const bytes = received.get(this);
  received.delete(this);
  if (bytes !== undefined) deserializeBinaryFromReader(this, new BinaryReader(bytes));
  return fieldsOf.call(this, onlyExisting);
};
Struct.prototype.getFieldsMap = getFieldsMap;
Struct.deserializeBinaryFromReader = (struct: Struct, reader: BinaryReader) => {
  const hasFields = (getFieldsMap.call(struct, true)?.getLength() ?? 0) > 0;
  // What has fields gets further ones.
  if (hasFields) return deserializeBinaryFromReader(struct, reader);
  const start = reader.getCursor();
  while (reader.nextField()) reader.skipField();
  received.set(struct, reader.getBuffer().subarray(start, reader.getCursor()));
  return struct;
};

/** Returns the encoding of a struct that was received; undefined for one whose messages were asked for or made here. */
export function encodingOf(struct: Struct): Uint8Array | undefined {
  return received.get(struct);
}
