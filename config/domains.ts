import type { StackConfig } from "./stack";

/** Returns the domain of every app of the stack, by the app's name. A worker has none. */
export function domainsOf({ apps }: Pick<StackConfig, "apps">): Record<string, string> {
  return Object.fromEntries(
    Object.entries(apps).flatMap(([name, { domain }]) =>
      domain === undefined ? [] : [[name, domain] as const],
    ),
  );
}

/** Returns the app of each additional host name. Hosts that apps share are left out. */
export function additionalHostsOf({ apps }: Pick<StackConfig, "apps">): Record<string, string> {
  const all = Object.entries(apps).flatMap(([app, { hosts }]) => hosts.map((host) => [host, app]));
  const domains = Object.values(apps).map(({ domain }) => domain);
  const names = [...all.map(([host]) => host), ...domains];
  return Object.fromEntries(
    all.filter(([host]) => names.filter((each) => each === host).length === 1),
  ) as Record<string, string>;
}
