import { own, type AppConfig, type StackConfig } from "../../config";
import { departureTable, liveTable, trafficTable } from "../release/table";
import { capacityOf, type Capacity } from "../../program/capacity";
import { podSentences } from "../../program/capacity-texts";
import type { LiveApp } from "../../program/wait/live-app";
import { notAsRecorded } from "../../program/live-differences";
import { keyOf, plan, releaseName, runningReleases } from "../../releases";
import type { AppRecord, Plan, Proof, RefusedRule } from "../../releases";
import { desiredApp } from "../../program/releases";
import type { Proofs } from "../../program/proofs";
import { policyOf } from "../../program/release-policy";
import { recordFrom } from "../../program/records";

/** What becomes of one app's traffic. */
export interface AppTraffic {
  app: string;
  /** Releases with image, role and share of the requests, before and after, as aligned text. */
  table: string;
  /** Whether any release, role or share changes. */
  changes: boolean;
  /** What the update does, and what a reviewer should know, a sentence each. */
  sentences: string[];
  refusals: RefusedRule[];
  /** A freeze in force, in a sentence. */
  frozen?: string;
  /** Rules that a written reason sets aside, a sentence each. */
  overrides: string[];
  /** Commands that bring back who had which share. */
  undo: string[];
  /** Names of its releases' objects, before and after. */
  releases: string[];
  /** Those whose pods the update replaces by a rule of releases. */
  inPlace: string[];
  /** Too few pods, or too many requests, a sentence each; and what the cluster has that nobody recorded. */
  podDangers: string[];
  /** Fewest pods to which autoscalers are raised for a while, by the name of the release's objects. */
  raised: Record<string, number>;
  /** Release that each of its Services selects after the update, by the Service's name. */
  selected: Record<string, string>;
}

/**
 * Decides for every app what the program decides in its preview.
 * @param records what the last update recorded.
 * @param proofs what the stacks that releases require have proven of each app.
 * @param live what the cluster runs of each app, as far as it was asked.
 * @throws ProgramError for a record that cannot be read; the preview has failed with it.
 */
export function trafficOf(
  stack: string,
  config: StackConfig,
  records: Record<string, unknown>,
  now: Date,
  live: Record<string, LiveApp> = {},
  proofs: Proofs = {},
): AppTraffic[] {
  const departed = Object.keys(records).filter((name) => !Object.hasOwn(config.apps, name));
  return [
    ...Object.entries(config.apps).map(([name, app]) => {
      const record = records[name] === undefined ? undefined : recordFrom(records[name], name);
      return decided(stack, name, app, config, record, now, live[name], own(proofs, name));
    }),
    ...departed.map((name) => gone(name, recordFrom(records[name], name))),
  ].sort((a, b) => (a.app < b.app ? -1 : 1));
}

function decided(
  stack: string,
  name: string,
  app: AppConfig,
  config: StackConfig,
  record: AppRecord | undefined,
  now: Date,
  live: LiveApp | undefined,
  proofs: Proof[] | undefined,
): AppTraffic {
  const running = record === undefined ? [] : runningReleases(record, name).map((it) => it.name);
  const answer = plan(
    record,
    desiredApp(name, app, config, record, proofs),
    now,
    policyOf(config.releases),
  );
  if (answer.kind === "refusal") {
    const table = record === undefined ? "nothing runs" : liveTable(name, record);
    return { ...quiet(name, table), releases: running, refusals: answer.refusals };
  }
  const differences = record && live ? notAsRecorded(record, live, name) : [];
  const capacity = live && capacityOf({ ...app, app: name, plan: answer, record, live, now });
  const pods = capacity === undefined ? [] : podSentences(answer, capacity, app.scaling);
  const ofPods = (kind: "notice" | "danger") =>
    pods.filter((it) => it.kind === kind).map(({ text }) => text);
  const { steps, notices, services } = answer;
  const changes = steps.some(({ kind }) => kind !== "nothing");
  return {
    ...quiet(name, trafficTable(name, record, answer, app, capacity)),
    changes,
    sentences: [
      ...[...steps.filter(({ kind }) => kind !== "nothing"), ...notices].map((it) => it.text),
      ...ofPods("notice"),
    ],
    inPlace: steps.flatMap((step) =>
      step.kind === "update-in-place" ? [releaseName(name, step.release)] : [],
    ),
    podDangers: [...differences, ...ofPods("danger")],
    raised: raisedIn(capacity, app.scaling.min),
    frozen: notices.find(({ kind }) => kind === "freeze-in-force")?.text,
    overrides: [
      ...steps.filter(({ kind }) => kind === "override"),
      ...notices.filter(({ kind }) => kind === "policy-weaker"),
    ].map(({ text }) => text),
    undo: record === undefined || !changes ? [] : undoing(stack, name, record, answer),
    releases: [...running, ...answer.releases.map((it) => it.name)],
    selected: { [`${name}-stable`]: services.stable, [`${name}-canary`]: services.canary },
  };
}

function raisedIn(capacity: Capacity | undefined, min: number): Record<string, number> {
  const floors = Object.entries(capacity?.releases ?? {}).map(
    ([name, { floor }]) => [name, floor] as const,
  );
  return Object.fromEntries(floors.filter(([, floor]) => floor > min));
}

function gone(name: string, record: AppRecord): AppTraffic {
  return {
    ...quiet(name, departureTable(name, record)),
    changes: true,
    sentences: ["the config no longer names this app: all of it is deleted"],
  };
}

function quiet(app: string, table: string): AppTraffic {
  const lists = { sentences: [], refusals: [], overrides: [], undo: [], releases: [] };
  const none = { inPlace: [], podDangers: [], raised: {}, selected: {} };
  return { app, table, changes: false, ...lists, ...none };
}

/** The commands that bring back what the record says, from what the plan makes of it. */
function undoing(stack: string, app: string, record: AppRecord, after: Plan): string[] {
  const { stable, canary } = record;
  const command = (verb: string, rest: string) =>
    `npm run release -- ${verb} ${app}${rest} --stack ${stack} --update`;
  const moved = after.stable !== stable;
  const back = moved ? [command("rollback", ` ${stable}`)] : [];
  if (canary === undefined) {
    return moved || after.canary === undefined ? back : [command("rollback", "")];
  }
  if (!moved && after.canary === canary.key) {
    const same = after.weights.canary === canary.weight;
    return same ? [] : [command("weight", ` ${canary.weight}`)];
  }
  const release = record.releases[canary.key];
  if (release === undefined) return back;
  const { version, revision } = release;
  const which =
    keyOf({ version, revision }) === version ? version : `${version} --revision ${revision}`;
  return [...back, command("canary", ` ${which} --weight ${canary.weight}`)];
}
