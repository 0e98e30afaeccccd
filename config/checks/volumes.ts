import { classesByPurpose } from "../components/storage";
import { maximumPods } from "../app/requests";
import { bytesOf, showMemory } from "../quantities";
import type { Apps, ParsedSections } from "./sections";
import { storageClassErrors } from "./storage";
import { expected, keyOf, listed, show, type ConfigError } from "../errors";

/** Checks the classes of apps' volumes, and that quotas allow them. */
export function volumeChecks(apps: Apps, stack: ParsedSections): ConfigError[] {
  const { components, platformStack } = stack;
  const claims = apps.flatMap(([app, { volumes }]) =>
    Object.entries(volumes).map(([volume, config]) => ({
      key: keyOf("platform:apps", [app, "volumes", volume]),
      ...config,
    })),
  );
  // The classes of a platform stack are known only after its output has been read.
  const classes = platformStack === undefined && components !== undefined ? claims : [];
  return [
    ...smallQuotas(apps, stack),
    ...classes.flatMap(({ key, per, storageClass }) =>
      per === "app"
        ? storageClassErrors(`${key}.storageClass`, storageClass, "shared", components?.storage)
        : unknownClass(`${key}.storageClass`, storageClass, components?.storage),
    ),
  ];
}

/** A volume of a pod can have either kind of class. */
function unknownClass(
  key: string,
  storageClass: string,
  storage: Parameters<typeof classesByPurpose>[0] | undefined,
): ConfigError[] {
  const { block, shared } = storage ? classesByPurpose(storage) : { block: [], shared: [] };
  const known = [...block, ...shared].sort();
  if (known.includes(storageClass)) return [];
  const next =
    known.length === 0
      ? "list the cluster's own in platform:components.storage.existing"
      : undefined;
  return [{ key, message: expected(`a class (${listed(known)})`, show(storageClass), next) }];
}

/**
 * Checks that a quota allows the volumes of a team's apps. Otherwise a claim, or a pod, could not be created.
 */
function smallQuotas(apps: Apps, { components, releases }: ParsedSections): ConfigError[] {
  if (releases === undefined) return [];
  const withVolumes = apps.filter(([, app]) => Object.keys(app.volumes).length > 0);
  return Object.entries(components?.tenancy?.teams ?? {}).flatMap(([team, { quota }]) => {
    if (quota.volumes === undefined) return [];
    const needs = withVolumes.flatMap(([name, app]) => {
      if (app.team !== team) return [];
      const jobs = Object.keys(app.cron).length + (app.migrate === undefined ? 0 : 1);
      const pods = maximumPods(app, releases.retain) + jobs;
      return Object.entries(app.volumes).map(([volume, { per, size }]) => {
        const claims = per === "app" ? 1 : pods;
        return { claims, size, text: `${name}'s ${volume} ${claims} × ${size}` };
      });
    });
    const total = needs.reduce((all, { claims, size }) => all + claims * bytesOf(size), 0);
    if (total <= bytesOf(quota.volumes)) return [];
    const what = `at least ${showMemory(total / 1024)}, which the volumes of the team's apps may request (${listed(needs.map(({ text }) => text))})`;
    const key = keyOf("platform:components.tenancy.teams", [team, "quota", "volumes"]);
    return [{ key, message: expected(what, show(quota.volumes)) }];
  });
}

/** Returns a sentence for each volume of an app stack whose class the platform stack does not have. */
export function volumeClassMisfits(
  apps: Apps,
  classes: { block: string[]; shared: string[] } | undefined,
): string[] {
  if (classes === undefined) return [];
  return apps.flatMap(([app, { volumes }]) =>
    Object.entries(volumes).flatMap(([volume, { per, storageClass }]) => {
      const fit = per === "app" ? classes.shared : [...classes.block, ...classes.shared].sort();
      if (fit.includes(storageClass)) return [];
      const what = per === "app" ? "a shared class" : "a class";
      const message = expected(
        `${what} of the platform stack (${listed(fit)})`,
        show(storageClass),
      );
      return [`${keyOf("platform:apps", [app, "volumes", volume, "storageClass"])}: ${message}`];
    }),
  );
}
