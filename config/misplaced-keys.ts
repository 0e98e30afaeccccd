import { expected, keyOf, type ConfigError } from "./errors";
import { isMap } from "./is-map";

const gateway = "which has no domain and takes no requests";
const fixed =
  "which has a fixed number of pods: set scaling.replicas, or scale it with scaling.queries";
const unrequested = "which scales by scaling.queries and scaling.times only";

/** Keys that a worker cannot have, with the reason. */
const webKeys: Readonly<Record<string, string>> = {
  domain: gateway,
  hosts: gateway,
  paths: gateway,
  ingress: gateway,
  allow: gateway,
  maxBodySize: gateway,
  rateLimit: gateway,
  number: gateway,
  canaryFor: gateway,
  protocol: gateway,
  repository: "whose image is another app's: images are named after a domain",
  runtime: "whose image is another app's: images are named after a domain",
  logDirectories: "whose logs go to standard output: log directories are named after a domain",
  "scaling.rest": "whose former releases have no pods, because they would take work",
  "scaling.cpu": unrequested,
  "scaling.memory": unrequested,
  "scaling.requestsPerSecond": unrequested,
};

/** Keys that a worker with a fixed number of pods cannot have. */
const scaledKeys = { "scaling.min": fixed, "scaling.max": fixed, "scaling.down": fixed };

/** Keys that a worker with an autoscaler cannot have. */
const fixedKeys = {
  "scaling.replicas": "which has an autoscaler: set scaling.min and scaling.max",
};

/** Keys that only a worker can have, with the reason. */
const workerKeys: Readonly<Record<string, string>> = {
  command: "which runs the command of its image",
  "scaling.replicas": "which is scaled: set scaling.min and scaling.max",
};

/**
 * Returns errors for keys that an app of its kind cannot have.
 * @param apps the values as written: a default that the schema fills in is not an error.
 */
export function misplacedKeys(apps: unknown): ConfigError[] {
  if (!isMap(apps)) return [];
  return Object.entries(apps).flatMap(([name, app]) => {
    if (!isMap(app)) return [];
    const isWorker = app["kind"] === "worker";
    const [keys, owner] = isWorker ? [keysOfWorker(app), "a worker"] : [workerKeys, "a web app"];
    const next = isWorker ? "remove it, or set kind: web" : "remove it, or set kind: worker";
    return Object.entries(keys).flatMap(([key, reason]) => {
      const path = key.split(".");
      if (!isGiven(app, path)) return [];
      const message = expected(`no ${key} of ${owner}, ${reason}`, "one", next);
      return [{ key: keyOf("platform:apps", [name, ...path]), message }];
    });
  });
}

function keysOfWorker(app: Record<string, unknown>): Readonly<Record<string, string>> {
  const isScaled = ["queries", "times"].some((key) => isGiven(app, ["scaling", key]));
  return { ...webKeys, ...(isScaled ? fixedKeys : scaledKeys) };
}

function isGiven(value: unknown, [key, ...rest]: string[]): boolean {
  if (key === undefined) return value !== undefined;
  return isMap(value) && Object.hasOwn(value, key) && isGiven(value[key], rest);
}
