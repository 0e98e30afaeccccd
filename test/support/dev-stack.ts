import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkout } from "../../local/toolchain/paths";

/** Returns the parts of the dev stack, by name. */
export function devComponents(): Record<string, object> {
  return devConfig()["platform:components"] as Record<string, object>;
}

/** Returns an app of the dev stack. */
export function devApp(name: string): object {
  return (devConfig()["platform:apps"] as Record<string, object>)[name] ?? {};
}

/** Returns the dev stack's config without its cluster. */
export function devConfig(): Record<string, unknown> {
  const text = readFileSync(join(checkout, "Pulumi.dev.yaml"), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  delete config["platform:cluster"];
  return config;
}

/** Removes all other parts of the platform from a config, together with the settings of apps that need them. */
export function keepParts(config: Record<string, unknown>, names: string[]): void {
  const parts = config["platform:components"] as Record<string, unknown>;
  config["platform:components"] = Object.fromEntries(names.map((name) => [name, parts[name]]));
  const apps = config["platform:apps"] as Record<string, Record<string, unknown>>;
  for (const app of Object.values(apps)) {
    // Their classes are those of the part.
    if (!names.includes("storage")) delete app["volumes"];
    const scaling = app["scaling"] as Record<string, unknown> | undefined;
    if (scaling === undefined || names.includes("autoscaling")) continue;
    // Only KEDA supports these.
    for (const key of ["requestsPerSecond", "queries", "times"]) delete scaling[key];
    // Without an autoscaler, a worker has a number of pods and no bounds.
    if (app["kind"] === "worker") for (const key of ["min", "max", "down"]) delete scaling[key];
  }
}

/** Returns the gateway of the dev stack for a cluster that brings its CRDs ({@link omitGatewayCrds}). */
export function gatewayWithoutCrds(): object {
  const config = devConfig();
  omitGatewayCrds(config);
  return (config["platform:components"] as { gateway: object }).gateway;
}

/**
 * Leaves the CRDs of the gateway to the cluster, which must bring them (`gatewayCrds`). They are more than half of the
 * state of a small stack, and take a third of the CPU time of its updates.
 */
export function omitGatewayCrds(config: Record<string, unknown>): void {
  const { gateway } = config["platform:components"] as {
    gateway: { crds?: object; middlewares: { crds?: object } };
  };
  delete gateway.crds;
  delete gateway.middlewares.crds;
}

/**
 * Removes all other apps from a config.
 * @throws Error if there is no such app.
 */
export function keepApps(config: Record<string, unknown>, names: string[]): void {
  const apps = config["platform:apps"] as Record<string, object>;
  config["platform:apps"] = Object.fromEntries(
    names.map((name) => {
      const app = apps[name];
      if (app === undefined) throw new Error(`the dev stack has no app "${name}"`);
      return [name, app];
    }),
  );
}
