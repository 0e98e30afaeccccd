import type { ParsedSections } from "./sections";
import { expected, show, type ConfigError } from "../errors";

/** Checks that a stack either declares the platform or reads another stack's, and not parts of both. */
export function platformStackChecks({
  platformStack,
  components,
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
