import { components, type ComponentsConfig, type PartConfig } from "../../config/components";

/**
 * Returns the section of a part as the program gets it: with defaults for everything that the values omit.
 * @throws ZodError for a section that the schema refuses.
 */
export function partConfig<Name extends keyof ComponentsConfig>(
  name: Name,
  values: object = {},
): PartConfig<Name> {
  return components.parse({ [name]: values })[name] as PartConfig<Name>;
}
