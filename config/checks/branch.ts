import type { ParsedSections } from "./sections";
import { expected, show, type ConfigError } from "../errors";

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
            message: expected(
              "a branch in environment test only",
              `${show(branch)} in environment ${environment}`,
            ),
          },
        ]),
    ...parts.map((part) => ({
      key: `platform:components.${part}`,
      message: expected(
        `only ${ownParts.join(" and ")} in the stack of a branch`,
        `${part}; a branch uses the one of the common environment`,
      ),
    })),
  ];
}
