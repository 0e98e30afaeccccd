/** A stack's config by full key. */
export type Config = Record<string, unknown>;

/** A change of the dev stack's config. */
export interface Edit {
  name: string;
  change: (config: Config) => void;
}

type Part = Record<string, Record<string, unknown>>;

const appsOf = (config: Config) => config["platform:apps"] as Part;
const partsOf = (config: Config) => config["platform:components"] as Part;

function app(name: string, fields: Record<string, unknown>) {
  return (config: Config) => void Object.assign(appsOf(config)[name] ?? {}, fields);
}

function part(name: string, fields: Record<string, unknown>) {
  return (config: Config) => void Object.assign(partsOf(config)[name] ?? {}, fields);
}

/** Typical edits: of releases, apps, teams and parts, and one that replaces an object. */
export const edits: readonly Edit[] = [
  { name: "a canary's weight", change: app("shop", { canary: { version: "1.5.0", weight: 50 } }) },
  { name: "a new canary", change: app("news", { canary: { version: "2.1.0", weight: 5 } }) },
  {
    name: "a promotion",
    change: (config) => {
      app("shop", { stable: { version: "1.5.0" } })(config);
      delete appsOf(config).shop?.canary;
    },
  },
  {
    name: "a config file",
    change: app("shop", { configFiles: { "/etc/shop/shop.yaml": "a: b\n" } }),
  },
  { name: "a variable", change: app("shop", { env: { LOG_LEVEL: "info" } }) },
  { name: "a removed app", change: (config) => void delete appsOf(config).news },
  {
    name: "removed parts",
    change: (config) => {
      delete partsOf(config).dashboard;
      delete partsOf(config).tracing;
    },
  },
  {
    name: "another team, whose Secrets are not known before the update",
    change: (config) => {
      const { teams } = partsOf(config).tenancy as { teams: Record<string, object> };
      teams.logistics = { groups: { release: ["logistics-developers"] } };
    },
  },
  {
    name: "a quota",
    change: (config) => {
      const { teams } = partsOf(config).tenancy as { teams: Record<string, object> };
      Object.assign(teams.commerce ?? {}, { quota: { cpu: "10", memory: "16Gi", pods: 60 } });
    },
  },
  {
    name: "a claim template, whose change replaces a StatefulSet",
    change: (config) => {
      const { monitoring } = partsOf(config);
      part("monitoring", {
        prometheus: { ...(monitoring?.prometheus as object), storage: "4Gi" },
      })(config);
    },
  },
];

/** Names of the edits that are also applied: one of an app, and the one that replaces. */
export const applied: readonly string[] = ["a config file", edits.at(-1)?.name ?? ""];
