import fc from "fast-check";
import { initContainers, ofApps, ofParts, ofServices, type Values } from "./values";

type Config = Record<string, unknown>;
type Fields = Record<string, unknown>;

/** A change of one key of a stack's config. */
export interface Edit {
  /** `shop canary.weight: 30`. */
  title: string;
  /** What it changes: two edits of one round do not change the same. */
  place: string;
  apply: (config: Config) => void;
}

/** A stack like a part of the dev stack, and the edits of its keys. */
export interface Subject {
  apps: string[];
  parts: string[];
  /** Changes of the dev stack's config before the first round, by the apps' keys. */
  begin?: Record<string, unknown>;
  edits: fc.Arbitrary<Edit>[];
}

/** Whether an edit only changes which releases get requests, and how many. */
export function isOfRelease({ place }: Edit): boolean {
  return / (canary|stable)\b/.test(place) && !place.includes("canaryFor");
}

/** Makes the canary stable. */
const promotion = (app: string): Edit => ({
  ...{ title: `${app} is promoted`, place: `${app} canary` },
  apply: (config) => {
    const fields = (config["platform:apps"] as Record<string, Fields>)[app] ?? {};
    const { version } = fields["canary"] as { version: string };
    delete fields["canary"];
    fields["stable"] = { version };
  },
});

/** The subjects of the test. */
export const subjects = {
  /** Apps of every kind, and the parts that they need. */
  apps: {
    apps: ["shop", "news", "orders", "mailer"],
    parts: ["placement", "tenancy", "gateway", "dashboard"],
    begin: { "shop initContainers": initContainers, "shop env.POOL": "5" },
    edits: [
      ...of("platform:apps", ofApps),
      ...of("platform:components", ofParts),
      ...["shop", "mailer"].map((app) => fc.constant(promotion(app))),
    ],
  },
  /** Parts that store data. */
  parts: {
    apps: ["news"],
    parts: [
      ...["placement", "tenancy", "storage", "gateway", "monitoring", "logging", "tracing"],
      ...["artifacts", "backup"],
    ],
    edits: of("platform:components", ofServices),
  },
} satisfies Record<string, Subject>;

/** Returns rounds of one to three edits each; the same seed returns the same rounds. */
export function randomEdits({ edits }: Subject, rounds: number, seed: number): Edit[][] {
  const round = fc.uniqueArray(fc.oneof(...edits), {
    ...{ minLength: 1, maxLength: 3, comparator: overlaps, selector: ({ place }) => place },
  });
  return fc.sample(fc.noBias(round), { numRuns: rounds, seed });
}

function of(section: string, values: Record<string, Values>): fc.Arbitrary<Edit>[] {
  return Object.entries(values).map(([key, each]) => edits(section, key, each));
}

/** Changes a config as the rounds of a subject expect it. */
export function begin({ begin: values = {} }: Subject, config: Config): void {
  for (const [key, value] of Object.entries(values)) {
    set(config["platform:apps"] as Fields, pathOf(key), value);
  }
}

function pathOf(key: string): string[] {
  return key.split(/[ .]/).map((part) => part.replaceAll("~", "."));
}

function edits(section: string, key: string, values: Values): fc.Arbitrary<Edit> {
  return fc.constantFrom(...values).map((value) => ({
    title: `${key.replaceAll("~", ".")}: ${JSON.stringify(value) ?? "removed"}`,
    place: key,
    apply: (config) => set(config[section] as Fields, pathOf(key), value),
  }));
}

function set(fields: Fields, [key = "", ...rest]: string[], value: unknown): void {
  if (rest.length > 0) set((fields[key] ??= {}) as Fields, rest, value);
  else if (value === undefined) delete fields[key];
  else fields[key] = value;
}

/** Whether one place is equal to the other, or contains it. */
function overlaps(one: string, other: string): boolean {
  const [a, b] = [`${one}.`.replace(" ", "."), `${other}.`.replace(" ", ".")];
  return a.startsWith(b) || b.startsWith(a);
}
