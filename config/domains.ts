import type { StackConfig } from "./stack";

/** Domain of every app whose logs this stack collects, by the app's name. */
export function domainsOf({ apps, components }: StackConfig): Record<string, string> {
  const own = Object.entries(apps).map(([name, { domain }]) => [name, domain]);
  return { ...components.logging?.otherApps, ...Object.fromEntries(own) };
}
