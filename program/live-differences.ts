import { notAsPlanned, type Entrance } from "./wait/recorded";
import type { LiveApp } from "./wait/live-app";
import { releaseName, runningReleases, type AppRecord } from "../releases";

/**
 * Returns where the cluster differs from the record of the last update, a sentence each: an update has failed
 * or was interrupted since, or someone changed objects by hand.
 */
export function notAsRecorded(
  record: AppRecord,
  live: LiveApp | undefined,
  app: string,
  entrance: Entrance,
): string[] {
  const { stable, canary } = record;
  // An app whose config replaces its Ingress with a route has no route yet.
  const served = live?.ingress === true ? "ingress" : entrance;
  const weight = canary?.weight ?? 0;
  const recorded = {
    services: {
      stable: releaseName(app, stable),
      canary: releaseName(app, canary?.key ?? stable),
    },
    weights: { stable: (100 - weight) as 0, canary: weight as 0 },
    releases: runningReleases(record, app),
  };
  return notAsPlanned(recorded, live, app, served).map(
    (text) => `the cluster is not as the last update recorded it: ${text}`,
  );
}
