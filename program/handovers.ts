import { lookup, type AppConfig } from "../config";
import { addressText, hostsOf } from "../config/app/entrances";
import { listed } from "../config/errors";
import { sharesOf } from "../releases/shares";
import { liveSplit, servingApp, type LiveApp } from "./wait/live-app";
import type { Address } from "./wait/live-route";

/** An app of the config. */
export interface Declared {
  name: string;
  app: Pick<AppConfig, "domain" | "hosts" | "paths"> & { ingress?: unknown };
}

/** An address that an app serves, and that its config no longer has. */
export interface GivenAddress extends Address {
  from: string;
}

/** An address whose requests an update moves from one app to another app of the stack. */
export interface Handover extends GivenAddress {
  to: string;
  /** Whether the former app keeps a wider path, which no longer gets the requests of this one. */
  keepsWider?: true;
  /** Whether an Ingress serves the address for the other app, and not a route. */
  byIngress?: true;
}

/**
 * Returns the addresses that apps give up.
 * @param live what the cluster runs of apps, also of those that the config no longer has.
 */
export function givenAddresses(
  apps: readonly Declared[],
  live: Record<string, LiveApp>,
): GivenAddress[] {
  return Object.entries(live).flatMap(([from, runs]) => {
    const own = apps.find(({ name }) => name === from);
    const kept = own === undefined ? [] : addressesOf(own.app);
    const served = servingApp(runs)?.addresses ?? [];
    return served
      .filter((old) => !kept.some((each) => covers(each, old)))
      .map((address) => ({ ...address, from }));
  });
}

/**
 * Returns the addresses that one app gives up and another app of the stack takes over in the same update.
 * @param live what the cluster runs of apps, also of those that the config no longer has.
 */
export function handoversOf(apps: readonly Declared[], live: Record<string, LiveApp>): Handover[] {
  return givenAddresses(apps, live).flatMap((address) =>
    apps
      .filter(({ name }) => name !== address.from)
      .filter(({ app }) => addressesOf(app).some((each) => gets(each, address, apps)))
      .map(({ name: to, app }): Handover => ({ ...address, to, ...byIngress(app) })),
  );
}

function byIngress({ ingress }: Declared["app"]): Pick<Handover, "byIngress"> {
  return ingress === undefined ? {} : { byIngress: true };
}

/** Whether an app gets requests of an address that is given up: it has a part of it, or the longest path that covers it. */
function gets(own: Address, given: Address, apps: readonly Declared[]): boolean {
  if (covers(given, own)) return true;
  const covering = apps.flatMap(({ app }) => addressesOf(app)).filter((it) => covers(it, given));
  return longest(covering).some((each) => isSame(each, own));
}

/**
 * Returns every address whose requests an update moves from one app of a stack to another: those that are given up, and
 * new addresses that are longer than the one that serves the same requests now, because the longest path gets them.
 * @param live what the cluster runs of apps, also of those that the config no longer has.
 */
export function takenAddresses(
  apps: readonly Declared[],
  live: Record<string, LiveApp>,
): Handover[] {
  const given = givenAddresses(apps, live);
  const served = Object.entries(live).flatMap(([from, runs]) =>
    (servingApp(runs)?.addresses ?? []).map((address) => ({ ...address, from })),
  );
  const narrower = apps.flatMap(({ name: to, app }) =>
    addressesOf(app).flatMap(({ host, path }) => {
      const former = longest(served.filter((each) => covers(each, { host, path })));
      if (former.some(({ from }) => from === to)) return [];
      return former
        .filter((each) => !given.some((other) => isSame(each, other) && each.from === other.from))
        .map(({ from }): Handover => ({ from, to, host, path, keepsWider: true }));
    }),
  );
  return [...handoversOf(apps, live), ...narrower];
}

/** Returns the addresses with the longest path. */
function longest<Each extends Address>(addresses: readonly Each[]): Each[] {
  const most = Math.max(...addresses.map(({ path }) => path.length));
  return addresses.filter(({ path }) => path.length === most);
}

/**
 * Returns for each app the apps whose steps come before its own: those of earlier waves, and those that take over its
 * addresses. An app serves an address until the app that takes it over serves it. If both changed at the same time,
 * requests would fail until the pods of a new app are ready.
 * @param waves the apps of earlier waves, which never form a cycle. A handover that contradicts them precedes them: it
 *   is refused if both apps take a step. Of two apps that exchange addresses, the first one gives its own up last.
 * @param takesStep whether an app changes its releases, so that the order of waves matters to it. Default: every app.
 */
export function precedingApps(
  apps: readonly (Declared & { live?: LiveApp })[],
  waves: (app: string) => string[],
  takesStep: (app: string) => boolean = () => true,
): Map<string, string[]> {
  const before = new Map(apps.map(({ name }) => [name, [] as string[]]));
  const waitsFor = (app: string, other: string): boolean =>
    app === other || (before.get(app) ?? []).some((each) => waitsFor(each, other));
  const live = apps.flatMap(({ name, live }) =>
    live === undefined ? [] : [[name, live] as const],
  );
  const add = (app: string, other: string) => {
    if (!waitsFor(other, app)) before.get(app)?.push(other);
  };
  for (const { from, to } of handoversOf(apps, Object.fromEntries(live))) add(from, to);
  const pairs = apps.flatMap(({ name }) => waves(name).map((other) => [name, other] as const));
  const haveOrder = (pair: readonly string[]) => pair.every(takesStep);
  for (const [app, other] of pairs.filter(haveOrder)) add(app, other);
  for (const [app, other] of pairs) if (!haveOrder([app, other])) add(app, other);
  return before;
}

/**
 * Returns for each app that takes over addresses the number of ready pods that serve them now. Which part of their
 * requests comes to these addresses is not known, so all pods of the former app count.
 */
export function takenPods(
  handovers: readonly Handover[],
  live: Record<string, LiveApp>,
): Record<string, number> {
  return Object.fromEntries(
    [...giversOf(handovers)].map(([to, from]) => [
      to,
      [...from].reduce((sum, giver) => sum + servingPods(lookup(live, giver)), 0),
    ]),
  );
}

/** Returns for each app that takes over addresses the apps that give them up. */
export function giversOf(handovers: readonly Handover[]): Map<string, Set<string>> {
  const givers = new Map<string, Set<string>>();
  for (const { from, to } of handovers) {
    givers.set(to, (givers.get(to) ?? new Set()).add(from));
  }
  return givers;
}

/** Returns which addresses each app takes over from which other one, a sentence for each of these. */
export function handoverTexts(handovers: readonly Handover[]): Record<string, string[]> {
  const pairs = new Map<string, Handover[]>();
  for (const handover of handovers) {
    const pair = `${handover.from} ${handover.to} ${handover.keepsWider}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), handover]);
  }
  const texts: Record<string, string[]> = {};
  for (const [first, ...others] of pairs.values()) {
    if (first === undefined) continue;
    const { from, to, keepsWider, byIngress } = first;
    const addresses = [first, ...others].map(({ host, path }) => addressText(host, path));
    const rest = keepsWider
      ? "which keeps its wider paths"
      : byIngress
        ? `which serves until the Ingress of ${to} is in place`
        : `which keeps its route until the gateway serves the route of ${to}`;
    const text = `takes over ${listed(addresses)} from ${from}, ${rest}`;
    (texts[to] ??= []).push(text);
  }
  return texts;
}

/** Returns which addresses each app gives to which other one or takes from it, a clause each. */
export function exchangeTexts(handovers: readonly Handover[]): Record<string, string[]> {
  const texts: Record<string, string[]> = {};
  for (const { from, to, host, path } of handovers) {
    const text = `${addressText(host, path)} goes from ${from} to ${to}`;
    for (const app of [from, to]) (texts[app] ??= []).push(text);
  }
  return texts;
}

/** Returns the number of ready pods of the releases that get requests. */
function servingPods(live: LiveApp | undefined): number {
  const runs = servingApp(live);
  const split = runs && liveSplit(runs);
  if (split === undefined) return 0;
  return [...sharesOf(split)].reduce(
    (sum, [release, share]) => sum + (share > 0 ? (runs?.releases[release]?.ready ?? 0) : 0),
    0,
  );
}

/** Returns every path of every host in an app's config. */
export function addressesOf(app: Declared["app"]): Address[] {
  return hostsOf(app).flatMap(({ host }) => app.paths.map((path) => ({ host, path })));
}

function isSame(one: Address, other: Address): boolean {
  return one.host === other.host && one.path === other.path;
}

/** Whether an address serves all requests of another one. */
export function covers(wide: Address, narrow: Address): boolean {
  const prefix = wide.path === "/" ? "/" : `${wide.path}/`;
  return wide.host === narrow.host && (wide.path === narrow.path || narrow.path.startsWith(prefix));
}

/** Whether there are requests that belong to both addresses. */
export function overlap(one: Address, other: Address): boolean {
  return covers(one, other) || covers(other, one);
}
