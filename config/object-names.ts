import { isWorker } from "./app/kinds";
import type { DeclaredApp } from "./app";

/** Settings of an app from which the names of its objects follow. */
export type NamingSettings = Pick<
  DeclaredApp,
  "kind" | "number" | "cron" | "volumes" | "externalSecrets" | "externalServices"
>;

/** An object of an app that is named `<app>-<name>`, so that another app could have an object of the same name. */
export interface ObjectName {
  /** Kind of the name, as errors call it. */
  kind: "a Service name" | "a CronJob name" | "a claim's name" | "a name of a Secret";
  /** Path in the app's config of the key that the object is declared for. */
  path: string[];
  name: string;
  /** The same for two declarations of one object. */
  id: string;
}

/** The Services through which the releases of a web app are reached, by the end of their names. */
const serviceRoles = ["stable", "canary", "nodeport"] as const;

/**
 * Returns the objects of an app that another app could declare as well: `shop` with the job `api-report`, and
 * `shop-api` with the job `report`. The objects of a release are named after its version: see
 * `program/release-names.ts`.
 */
export function objectNames(app: string, config: NamingSettings): ObjectName[] {
  const { number, cron, volumes, externalSecrets, externalServices } = config;
  const named = (kind: ObjectName["kind"], path: string[], suffix: string, content?: unknown) => {
    const name = `${app}-${suffix}`;
    return { kind, path, name, id: JSON.stringify([kind, name, content]) };
  };
  const roles = isWorker(config)
    ? []
    : serviceRoles.filter((role) => role !== "nodeport" || number !== undefined);
  return [
    ...roles.map((role) => named("a Service name", [], role)),
    ...Object.keys(externalServices).map((service) =>
      named("a Service name", ["externalServices", service], service),
    ),
    ...Object.keys(cron).map((job) => named("a CronJob name", ["cron", job], job)),
    ...Object.entries(volumes)
      .filter(([, { per }]) => per === "app")
      .map(([volume]) => named("a claim's name", ["volumes", volume], volume)),
    ...Object.entries(externalSecrets).map(([secret, external]) =>
      named("a name of a Secret", ["externalSecrets", secret], secret, placesOf(external)),
    ),
  ];
}

/** A Secret is named after the places of its values as well. */
function placesOf({ store, data }: DeclaredApp["externalSecrets"][string]): unknown {
  const places = Object.keys(data)
    .sort()
    .map((name) => [name, data[name]?.key, data[name]?.property, data[name]?.version]);
  return [store, places];
}
