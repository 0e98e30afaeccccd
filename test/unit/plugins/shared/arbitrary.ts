import fc from "fast-check";
import {
  PropertyMap,
  PropertyValue,
  Secret,
  UNKNOWN,
} from "../../../../local/plugins/shared/values";

/** Names of properties: the published protobuf map cannot contain `__proto__`. */
const name = fc.string().filter((text) => text !== "__proto__");

/**
 * Returns arbitrary properties of a resource, nested a few levels deep.
 * @param options.special whether secrets and unknown values occur.
 */
export function propertyMap(options: { special: boolean }): fc.Arbitrary<PropertyMap> {
  const { map } = fc.letrec<{ value: PropertyValue; map: PropertyMap }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      ...[fc.constant(null), fc.boolean(), fc.string()],
      fc.double({ noNaN: true }),
      ...(options.special ? [fc.constant(UNKNOWN)] : []),
      fc.array(tie("value")),
      tie("map"),
      ...(options.special ? [tie("value").map((value) => new Secret(value))] : []),
    ),
    map: fc.dictionary(name, tie("value"), { noNullPrototype: true }),
  }));
  return map;
}
