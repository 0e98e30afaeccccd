import type { ParsedSections } from "./sections";
import { branchSlug } from "../branch";
import { expected, keyOf, show, type ConfigError } from "../errors";

/** Parts that a branch has itself. It shares all others with the common environment. */
const ownParts = ["placement", "tenancy"];

/** Checks that a branch is an environment for apps only, next to the common one of `test`. */
export function branchChecks({
  branch,
  environment,
  components,
  apps = {},
}: ParsedSections): ConfigError[] {
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
    ...Object.entries(apps).flatMap(([app, { domain }]) =>
      domain === undefined ? [] : longHost(branch, app, domain),
    ),
    ...parts.map((part) => ({
      key: `platform:components.${part}`,
      message: expected(
        `only ${ownParts.join(" and ")} in a branch's stack`,
        `${part}; a branch uses the one of the common environment`,
      ),
    })),
  ];
}

/** Maximum length of a label of a host name, and of a host name. */
const longest = { label: 63, host: 253 };

/** An app of a branch is served under `<branch>-<domain>`. */
function longHost(branch: string, app: string, domain: string): ConfigError[] {
  const prefix = `${branchSlug(branch)}-`;
  const [first = ""] = domain.split(".");
  const room = { label: longest.label - prefix.length, host: longest.host - prefix.length };
  if (first.length <= room.label && domain.length <= room.host) return [];
  const what = `at most ${room.label} characters before the first dot, and ${room.host} in total, because the branch's ${prefix} is added in front`;
  return [{ key: keyOf("platform:apps", [app, "domain"]), message: expected(what, show(domain)) }];
}
