import { appsFolder } from "../../config/app-files";
import { presetNames } from "../../versions/app-runtimes";

/** Values for the file of a new app. */
export interface NewApp {
  app: string;
  environment: string;
  /** Default: `web`. */
  kind?: "web" | "worker";
  team: string;
  preset: string;
  /** Host name; only a worker has none. */
  domain?: string;
  /** Image repository without a tag. */
  image: string;
  repository?: string;
  /** Command of a worker. Default: the command of its image. */
  command?: string[];
  /** Pods of all releases of a worker together. */
  replicas?: number;
  /** Minimum and maximum number of pods. Default: 2 and 10. A worker has them only with a queue. */
  min?: number;
  max?: number;
  /** Query for the length of the queue that scales a worker, and the length per pod. */
  queue?: { query: string; perPod: number };
  /** Port of a worker's metrics. */
  metricsPort?: number;
  /** Query that checks the canary of a worker, and the highest result with which it passes. */
  checkQuery?: { query: string; max: number };
  /** A job on a schedule. */
  cron?: { name: string; schedule: string; command: string[] };
  /** Command that runs once for each version. */
  migrate?: string[];
}

/** Returns the path of an app's file. */
export function appFile(environment: string, app: string): string {
  return `${appsFolder}/${environment}/${app}.yaml`;
}

/** Returns the keys that the file of a new app sets. */
export function newAppKeys(given: NewApp): Record<string, unknown> {
  const { kind, team, preset, domain, image, repository, command, cron, migrate } = given;
  const { metricsPort, checkQuery } = given;
  const keys = {
    team,
    kind: kind === "worker" ? kind : undefined,
    preset,
    domain,
    image,
    repository,
    command,
    scaling: scalingOf(given),
    metrics: metricsPort === undefined ? undefined : { port: metricsPort },
    check: checkQuery && { queries: { failed: checkQuery } },
    cron: cron && { [cron.name]: { schedule: cron.schedule, command: cron.command } },
    migrate: migrate && { command: migrate },
  };
  return withoutUndefined(keys);
}

/**
 * Returns the key `scaling`: for a worker a fixed number of pods, or a minimum and a maximum if a queue
 * scales it. Values that do not fit the kind are refused later.
 */
function scalingOf({ kind, replicas, min, max, queue }: NewApp): object {
  const isFixed = kind === "worker" && queue === undefined;
  const bounds = replicas === undefined ? { min: 2, max: 10 } : {};
  const defaults = isFixed ? { replicas: 2 } : bounds;
  return { ...defaults, ...withoutUndefined({ replicas, min, max, queries: queue && { queue } }) };
}

function withoutUndefined(keys: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}

/** A key of the file: its meaning, its name, and an example for a comment if the key has no value. */
type Entry = [comment: string, key: string, example?: string];

const common: Entry[] = [
  [
    "Jobs on a schedule, by name; they run in the image of the stable release",
    "cron",
    'cron:\n  nightly: { schedule: "30 2 * * *", command: [/app/run, nightly] }',
  ],
  [
    "Command that migrates the data, once for each version, before its first pod starts",
    "migrate",
    "migrate: { command: [/app/run, migrate] }",
  ],
];

const web: Entry[] = [
  ["Host name at which the gateway serves the app", "domain"],
  ["Image repository; the tag is the version of a release", "image"],
  [
    "Git repository that CI builds the image from",
    "repository",
    "repository: https://git.example.com/team/app.git",
  ],
  ["Instances; the autoscaler chooses a number between the two", "scaling"],
];

const worker: Entry[] = [
  [
    "Image repository, usually of an image that another app builds; the tag is the version of a release",
    "image",
  ],
  [
    "Command that replaces that of the image, as a list of words",
    "command",
    "command: [/app/run, work]",
  ],
  [
    "Number of pods of all releases together, or minimum and maximum if a queue scales it; a canary gets its share of them",
    "scaling",
  ],
  ["Port of its own metrics", "metrics", "metrics: { port: 9090 }"],
  [
    "Queries that check its canary, in addition to restarts; stacks that require a check need at least one",
    "check",
    'check:\n  queries:\n    failed:\n      query: >- # `increase` alone ignores the first value of a series\n        sum(jobs_failed_total{namespace="$namespace", release="$release"}\n        unless jobs_failed_total{namespace="$namespace", release="$release"} offset $window\n        or increase(jobs_failed_total{namespace="$namespace", release="$release"}[$window]))\n      max: 0',
  ],
];

/** Returns the text of a new app's file, with a comment that explains each key. */
export function newAppText(given: NewApp): string {
  const { app, kind } = given;
  const keys = newAppKeys(given);
  const isWorker = kind === "worker";
  const preset = isWorker
    ? "Sets the resources and the environment"
    : "Sets the port, probes and resources";
  const entries: Entry[] = [
    ["Team that owns the app; its namespace is <team>-<environment>", "team"],
    ...(isWorker
      ? [
          [
            "Fetches its work itself, for example from a queue: no domain, Service or route",
            "kind",
          ] satisfies Entry,
        ]
      : []),
    [`${preset}. One of: ${presetNames.join(", ")}`, "preset"],
    ...(isWorker ? worker : web),
    ...common,
  ];
  const guide = isWorker ? "docs/guides/kinds-of-apps.md" : "docs/guides/first-release.md";
  const lines = [
    "# yaml-language-server: $schema=../../docs/reference/app.schema.json",
    `# ${isWorker ? "Worker" : "App"} ${app}. How to release it: ${guide}`,
    ...entries.flatMap((entry) => entryLines(entry, keys)),
    "# Releases are written here by: npx platform release canary <app> <version> --stack <stack>",
  ];
  return `${lines.join("\n")}\n`;
}

function entryLines([comment, key, example]: Entry, keys: Record<string, unknown>): string[] {
  if (Object.hasOwn(keys, key)) return [`# ${comment}.`, `${key}: ${flow(keys[key])}`];
  if (example === undefined) return [];
  return [`# ${comment}:`, ...example.split("\n").map((line) => `# ${line}`)];
}

/** Returns a value as one line of YAML. Text that could be read as another type is quoted. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((it) => JSON.stringify(it)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${flow(key)}: ${flow(field)}`);
    return `{ ${fields.join(", ")} }`;
  }
  return typeof value === "string" && !isPlain(value) ? JSON.stringify(value) : String(value);
}

/** Whether every YAML parser reads a text without quotes as the same text. */
function isPlain(text: string): boolean {
  return /^[a-z]([\w./:-]*\w)?$/.test(text) && !/^(y|yes|n|no|on|off|true|false|null)$/.test(text);
}
