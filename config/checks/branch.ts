import type { ParsedSections } from "./sections";
import { show, type ConfigError } from "../errors";

/** What a branch's own environment has of its own; all else it shares with the common one. */
const ownParts = ["placement", "tenancy"];

/** A branch has an environment beside the common one of `test`, for its apps only. */
export function branchChecks({ branch, environment, components }: ParsedSections): ConfigError[] {
  if (branch === undefined) return [];
  const parts = Object.keys(components ?? {}).filter((part) => !ownParts.includes(part));
  return [
    ...(environment === undefined || environment === "test"
      ? []
      : [
          {
            key: "platform:branch",
            message: `${show(branch)} is given in environment ${environment}; a branch has an environment of its own in test only`,
          },
        ]),
    ...parts.map((part) => ({
      key: `platform:components.${part}`,
      message: `is given in the stack of a branch, which uses the common environment's; allowed are ${ownParts.join(", ")}`,
    })),
  ];
}
