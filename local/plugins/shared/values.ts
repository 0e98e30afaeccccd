import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { encodingOf, keepEncodings } from "../../../cluster/received-struct";
import { StructDecoder } from "../../../cluster/struct-decoder";

keepEncodings();

/** A value that is not known before the update; it occurs only in previews. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A value that the engine encrypts in the state and hides in its output. */
export class Secret {
  constructor(public readonly value: PropertyValue) {}
}

/**
 * A property value of a resource. Assets, archives and resource references are maps with {@link SIGNATURE_KEY}; they
 * are passed on unchanged.
 */
export type PropertyValue =
  null | boolean | number | string | PropertyValue[] | PropertyMap | Secret | typeof UNKNOWN;

/** The properties of a resource by name. */
export interface PropertyMap {
  [name: string]: PropertyValue;
}

/** Key that distinguishes a special map from a plain one. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine has one mark per type for unknown values; here they are all the same. */
const UNKNOWN_MARKS: ReadonlySet<string> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);
const MARK_LENGTH = UNKNOWN_STRING.length;

/** Decodes properties from the engine. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  if (struct === undefined) return {};
  const encoding = encodingOf(struct);
  if (encoding !== undefined) {
    const meanings = { text: fromString, mapping: fromSigned };
    return new StructDecoder<PropertyValue>(encoding, meanings).fields();
  }
  const map: PropertyMap = {};
  struct.getFieldsMap().forEach((value, name) => {
    map[name] = fromValue(value);
  });
  return map;
}

/** Encodes properties for the engine. `undefined` is omitted from maps, and becomes null in lists. */
export function toStruct(map: { readonly [name: string]: PropertyValue | undefined }): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [name, value] of Object.entries(map)) {
    if (value !== undefined) fields.set(name, toValue(value));
  }
  return struct;
}

function fromValue(value: Value): PropertyValue {
  switch (value.getKindCase()) {
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.STRING_VALUE:
      return fromString(value.getStringValue());
    case Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(fromValue);
    case Value.KindCase.STRUCT_VALUE:
      return fromSigned(fromStruct(value.getStructValue()));
    default:
      return null;
  }
}

function fromString(value: string): PropertyValue {
  return value.length === MARK_LENGTH && UNKNOWN_MARKS.has(value) ? UNKNOWN : value;
}

function fromSigned(map: PropertyMap): PropertyValue {
  switch (map[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE:
      return new Secret(map.value ?? null);
    case OUTPUT_SIGNATURE: {
      const content = "value" in map ? (map.value ?? null) : UNKNOWN;
      return map.secret === true ? new Secret(content) : content;
    }
    default:
      return map;
  }
}

function toValue(value: PropertyValue | undefined): Value {
  const result = new Value();
  if (value === null || value === undefined) return result.setNullValue(NullValue.NULL_VALUE);
  if (value === UNKNOWN) return result.setStringValue(UNKNOWN_STRING);
  if (typeof value === "string") return result.setStringValue(value);
  if (typeof value === "number") return result.setNumberValue(value);
  if (typeof value === "boolean") return result.setBoolValue(value);
  if (Array.isArray(value)) {
    const list = new ListValue();
    list.setValuesList(Array.from(value, toValue));
    return result.setListValue(list);
  }
  if (value instanceof Secret) {
    const signed: PropertyMap = { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: value.value };
    return result.setStructValue(toStruct(signed));
  }
  return result.setStructValue(toStruct(value));
}

/** Replaces every secret in the value by its content. */
export function unwrapSecrets(value: PropertyMap): PropertyMap;
export function unwrapSecrets(value: PropertyValue): PropertyValue;
export function unwrapSecrets(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return unwrapSecrets(value.value);
  if (Array.isArray(value)) return value.map((item) => unwrapSecrets(item));
  if (!isMap(value)) return value;
  const map: PropertyMap = {};
  for (const [name, item] of Object.entries(value)) map[name] = unwrapSecrets(item);
  return map;
}

/** Whether the value is or contains an unknown value. */
export function containsUnknown(value: PropertyValue): boolean {
  return contains(value, (part) => part === UNKNOWN);
}

/** Whether the value is or contains a secret. */
export function containsSecret(value: PropertyValue): boolean {
  return contains(value, (part) => part instanceof Secret);
}

function contains(value: PropertyValue, test: (part: PropertyValue) => boolean): boolean {
  if (test(value)) return true;
  if (value instanceof Secret) return contains(value.value, test);
  if (Array.isArray(value)) return value.some((item) => contains(item, test));
  return isMap(value) && Object.values(value).some((item) => contains(item, test));
}

/** Whether the value is a map of properties: not a list, a secret or a scalar. */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret)
  );
}
