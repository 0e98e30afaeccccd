import type { ParsedSections } from "./sections";
import { expected, keyOf, show, type ConfigError } from "../errors";

/** Checks that a stack either declares the platform or reads another stack's, and not parts of both. */
export function platformStackChecks({
  platformStack,
  components,
  transforms,
  branch,
}: ParsedSections): ConfigError[] {
  if (platformStack === undefined) return [];
  return [
    ...Object.keys(components ?? {}).map((part) => ({
      key: `platform:components.${part}`,
      message: expected(
        `no components next to platform:platformStack ${show(platformStack)}, which declares them`,
        part,
      ),
    })),
    ...Object.keys(transforms ?? {}).map((object) => ({
      key: keyOf("platform:transforms", [object]),
      message: expected(
        `no transforms next to platform:platformStack ${show(platformStack)}, which declares the parts`,
        object,
        "set it in that stack",
      ),
    })),
    ...(branch === undefined
      ? []
      : [
          {
            key: "platform:branch",
            message: expected(
              "no branch next to platform:platformStack",
              show(branch),
              "that stack does not declare the namespaces of a branch",
            ),
          },
        ]),
  ];
}
