import * as pulumi from "@pulumi/pulumi";
import { hasEngine } from "../cluster/engine";
import { ClusterReader } from "../cluster/reader";
import { namespaceOf } from "../config";
import { addressText } from "../config/app/entrances";
import type { ResolvedStack } from "./app-platform";
import { addressesOf, covers, givenAddresses, overlap, type Declared } from "./handovers";
import { otherApps, type Asking, type OtherApp } from "./other-apps";
import { refuseUpdate } from "./refusal";
import { liveApps, type LiveApp } from "./wait/live-app";
import type { Address } from "./wait/live-route";

/** Returns what the cluster runs of an app of a team. */
type ReadApp = (app: string, team: string) => Promise<LiveApp | undefined>;

/**
 * Refuses an update that gives up a host or a path before the app of another stack that takes it over serves it; a
 * preview only warns. Apps of the same stack wait for each other instead.
 * @param live what the cluster runs of the stack's apps.
 * @throws ProgramError with every address.
 */
export async function refuseEarlyHandovers(
  stack: ResolvedStack,
  planned: readonly Declared[],
  live: Record<string, LiveApp>,
): Promise<void> {
  // The hosts of a branch have its name, and no other stack has them.
  if (!hasEngine() || stack.branch !== undefined) return;
  const asking = { name: pulumi.getStack(), platformStack: stack.platformStack, folder: "." };
  const early = await earlyHandovers(asking, planned, live, async (app, team) => {
    const reader = new ClusterReader(stack.cluster);
    try {
      const place = { [app]: namespaceOf(team, stack) };
      return (await liveApps(place, reader, { ingresses: true }))[app];
    } finally {
      reader.close();
    }
  });
  const heading = "Nobody would serve these addresses; nothing was changed.";
  await refuseUpdate(heading, early, (text) => pulumi.log.warn(text));
}

/**
 * Returns the addresses that apps of a stack give up before the app of another stack serves them, a sentence each.
 * @param read returns what the cluster runs of the other app.
 */
export async function earlyHandovers(
  asking: Omit<Asking, "words">,
  planned: readonly Declared[],
  live: Record<string, LiveApp>,
  read: ReadApp,
): Promise<string[]> {
  const own = planned.flatMap(({ app }) => addressesOf(app));
  const isServed = (part: Address, served: readonly Address[]) =>
    [...own, ...served].some((each) => covers(each, part));
  const given = givenAddresses(planned, live).filter((address) => !isServed(address, []));
  if (given.length === 0) return [];
  const words = new Set(given.map(({ host }) => host));
  const texts: string[] = [];
  for (const other of otherApps({ ...asking, words })) {
    const claimed = claimedBy(other);
    const partsOf = (address: Address) =>
      claimed.filter((each) => overlap(each, address)).map((each) => narrower(each, address));
    const wanted = given.filter(
      (address) => address.from !== other.app && partsOf(address).length > 0,
    );
    const { team } = other.given;
    if (wanted.length === 0 || typeof team !== "string") continue;
    const served = (await read(other.app, team))?.addresses ?? [];
    texts.push(
      ...wanted
        .filter((address) => partsOf(address).some((part) => !isServed(part, served)))
        .map(
          ({ from, host, path }) =>
            `${addressText(host, path)} of app ${from} goes to app ${other.app} of stack ${other.stack}, which does not serve it yet; update stack ${other.stack} first`,
        ),
    );
  }
  return texts;
}

/** Returns the requests that belong to both of two addresses, one of which contains the other. */
function narrower(one: Address, other: Address): Address {
  return covers(one, other) ? other : one;
}

/** Returns the addresses in the config of an app of another stack; none before its first release. */
function claimedBy({ given: { domain, hosts, paths, stable } }: OtherApp) {
  if (stable === undefined) return [];
  const texts = (value: unknown) =>
    (Array.isArray(value) ? value : []).filter((each) => typeof each === "string");
  return addressesOf({
    domain: typeof domain === "string" ? domain : undefined,
    hosts: texts(hosts),
    paths: paths === undefined ? ["/"] : texts(paths),
  });
}
