import { platformHosts } from "../hosts";
import type { Apps, ParsedSections } from "./sections";
import { duplicates, keyOf, type ConfigError } from "../errors";

/** The host names of Harbor, Nexus and Jenkins are those of nothing else. */
export function hostChecks(apps: Apps, { components, domain }: ParsedSections): ConfigError[] {
  if (components === undefined || domain === undefined) return [];
  const platform = platformHosts(components, domain);
  const own = ["registry", "artifacts", "ci"];
  const checked = platform.filter(({ part }) => own.includes(part));
  const others = [
    ...platform.filter(({ part }) => !own.includes(part)).map(pairOf),
    ...apps.map(([name, app]): [string, string] => [
      keyOf("platform:apps", [name, "domain"]),
      app.domain,
    ]),
  ];
  return [
    ...duplicates(checked.map(pairOf), "a host name"),
    ...checked.flatMap((it) =>
      others
        .filter(([, host]) => host === it.host)
        .flatMap((other) => duplicates([pairOf(it), other], "a host name")),
    ),
  ];
}

function pairOf({ key, host }: { key: string; host: string }): [string, string] {
  return [key, host];
}
