import type { ParsedSections } from "./sections";
import { show, type ConfigError } from "../errors";

/** A stack either declares the platform or reads another one's; never a part of each. */
export function platformStackChecks({
  platformStack,
  components,
  branch,
}: ParsedSections): ConfigError[] {
  if (platformStack === undefined) return [];
  return [
    ...Object.keys(components ?? {}).map((part) => ({
      key: `platform:components.${part}`,
      message: `is given in a stack whose platform is that of platform:platformStack ${show(platformStack)}; allowed is none`,
    })),
    ...(branch === undefined
      ? []
      : [
          {
            key: "platform:branch",
            message: `${show(branch)} is given beside platform:platformStack; a branch has namespaces of its own, which that stack does not declare: allowed is one of the two`,
          },
        ]),
  ];
}
