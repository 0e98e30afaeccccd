import { hostsOf } from "../config/app/entrances";
import type { PlannedApp } from "./releases";
import { serving } from "./wait/live-app";
import type { Address } from "./wait/live-route";

/** What is known of an app: its config, and what its route serves now. */
type Known = Pick<PlannedApp, "name" | "app" | "live">;

/** An address that one app gives up and another app of the stack takes over in the same update. */
export interface Handover extends Address {
  from: string;
  to: string;
}

/** Returns the addresses that an update moves from one app of a stack to another. */
export function handoversOf(apps: readonly Known[]): Handover[] {
  return apps.flatMap(({ name: from, app, live }) => {
    const kept = addressesOf(app);
    const served = serving(live)?.addresses ?? [];
    const given = served.filter((old) => !kept.some((own) => covers(own, old)));
    return given.flatMap((address) =>
      apps
        .filter((other) => other.name !== from)
        .filter((other) => addressesOf(other.app).some((own) => overlap(own, address)))
        .map(({ name: to }): Handover => ({ ...address, from, to })),
    );
  });
}

/**
 * Returns for each app the apps whose steps come before its own: those of earlier waves, and those that take over its
 * addresses. An app serves an address until the app that takes it over does: changed at the same time, nobody would
 * serve it until the pods of a new app are ready.
 * @param waves the apps of earlier waves, which never form a circle. They precede a handover that contradicts them; of
 * two apps that exchange addresses, the first one gives its own up last.
 */
export function precedingApps(
  apps: readonly Known[],
  waves: (app: string) => string[],
): Map<string, string[]> {
  const before = new Map(apps.map(({ name }) => [name, [...waves(name)]]));
  const waitsFor = (app: string, other: string): boolean =>
    app === other || (before.get(app) ?? []).some((each) => waitsFor(each, other));
  for (const { from, to } of handoversOf(apps)) {
    if (!waitsFor(to, from)) before.get(from)?.push(to);
  }
  return before;
}

function addressesOf(app: Known["app"]): Address[] {
  return hostsOf(app).flatMap(({ host }) => app.paths.map((path) => ({ host, path })));
}

/** Whether an address serves all requests of another one. */
function covers(wide: Address, narrow: Address): boolean {
  const prefix = wide.path === "/" ? "/" : `${wide.path}/`;
  return wide.host === narrow.host && (wide.path === narrow.path || narrow.path.startsWith(prefix));
}

function overlap(one: Address, other: Address): boolean {
  return covers(one, other) || covers(other, one);
}
