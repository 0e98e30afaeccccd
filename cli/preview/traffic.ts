import { lookup } from "../../config";
import { reliedCheck, type ReliedCheck } from "../release/repeat";
import { departureTable, liveTable, trafficTable } from "../release/table";
import { capacityOf, workerPodsIn } from "../../program/capacity";
import { podSentences } from "../../program/capacity-texts";
import { servingApp, type LiveApp } from "../../program/wait/live-app";
import { entranceOf } from "../../program/wait/recorded";
import { exchangeTexts, handoverTexts, takenAddresses, takenPods } from "../../program/handovers";
import { takenReleases } from "../../program/takeovers";
import { nodePortTexts } from "../../program/node-port";
import { notAsRecorded } from "../../program/live-differences";
import { keyOf, releaseName, runningReleases } from "../../releases";
import type { AppRecord, NamespaceMove, Plan, RefusedRule } from "../../releases";
import type { AppStack } from "../../program/app-platform";
import { isWorker } from "../../config/app/kinds";
import type { AppOutput } from "../../program/app-output";
import { minimumPodsOf } from "../../program/apps";
import { replicasOf, workerNumbersOf } from "../../program/worker-pods";
import { decide, type KnownApp } from "../../program/decision";
import { departures, type DepartingApp } from "../../program/departures";
import type { Proofs } from "../../program/proofs";
import { recordFrom } from "../../program/records";
import { steadyReleases } from "../../program/steady";

/** What an update does to one app's traffic. */
export interface AppTraffic {
  app: string;
  /** Releases with image, role and share of the requests, before and after, as aligned text. */
  table: string;
  /** Whether any release, role or share changes. */
  changes: boolean;
  /** What the update does, and what a reviewer should know, a sentence each. */
  sentences: string[];
  refusals: RefusedRule[];
  /** A freeze in force, as a sentence. */
  frozen?: string;
  /** Rules that are overridden with a written reason, a sentence each. */
  overrides: string[];
  /** Check that the update relies on; undefined if it relies on none. */
  relied?: ReliedCheck;
  /** Commands that restore the former shares. */
  undo: string[];
  /** Names of its releases' objects, before and after. */
  releases: string[];
  /** Releases whose pods the update replaces in accordance with the release rules. */
  inPlace: string[];
  /** Too few pods or too many requests, and differences of the cluster from the record, a sentence each. */
  podDangers: string[];
  /** Change of its namespace; undefined if it does not change. */
  move?: NamespaceMove;
  /** Minimum numbers of pods in its config; undefined for an app that is removed. */
  minimumPods?: { before: MinimumPods | undefined; after: MinimumPods };
  /** Pods of each release of a worker after the update, by the name of its objects; empty for a web app. */
  workerPods: Record<string, number>;
  /** Release that each of its Services selects after the update, by the Service's name. */
  selected: Record<string, string>;
  /** Names of the objects of releases whose pods the update need not wait for. */
  steady: string[];
}

/** Minimum numbers of pods of an app's releases, from its config and from the outputs of the last update. */
export interface MinimumPods {
  min?: number;
  /** Minimum for a former release. */
  rest?: number;
  /** All pods of a worker. */
  replicas?: number;
}

/**
 * Decides for every app what the program decides in its preview.
 * @param records the records of the last update.
 * @param proofs what the stacks that the policy requires prove about each app.
 * @param live what the cluster runs of each app, as far as it was read.
 * @param outputs output of the last update about each app.
 * @param unfinished namespaces of moves that were not completed, and that the config does not complete.
 * @throws ProgramError for a record that cannot be read; the preview has failed with it.
 */
export function trafficOf(
  stack: string,
  config: AppStack,
  records: Record<string, unknown>,
  now: Date,
  live: Record<string, LiveApp> = {},
  proofs: Proofs = {},
  outputs: Record<string, AppOutput> = {},
  unfinished: Record<string, string> = {},
): AppTraffic[] {
  const apps = Object.entries(config.apps).map(([name, app]) => ({ name, app }));
  const handovers = takenAddresses(apps, live);
  const [texts, pods] = [handoverTexts(handovers), takenPods(handovers, live)];
  const releases = takenReleases(handovers, live, records);
  const exchanged = exchangeTexts(handovers);
  return [
    ...apps.map(({ name, app }) => {
      const minimumPods = {
        before: lookup(outputs, name)?.scaling,
        after: minimumPodsOf(app) ?? {},
      };
      const recorded = lookup(records, name);
      const [runs, tried, move] = [
        lookup(live, name),
        lookup(proofs, name),
        lookup(unfinished, name),
      ];
      const [takesOver, exchanges] = [lookup(releases, name), lookup(exchanged, name)];
      const known = { name, app, recorded, live: runs, proofs: tried, unfinished: move, now };
      const taken = { texts: lookup(texts, name) ?? [], pods: lookup(pods, name) };
      const moved = { takesOver, exchanges };
      return {
        ...decidedTraffic({ ...known, ...moved, stack: config, stackName: stack }, taken),
        minimumPods,
      };
    }),
    ...departures(config, records, now).map((it) =>
      departingTraffic(it, recordFrom(records[it.name], it.name)),
    ),
  ].sort((a, b) => (a.app < b.app ? -1 : 1));
}

/** @param taken the addresses that the app takes over from others, as sentences, and the pods that serve them. */
function decidedTraffic(
  known: KnownApp,
  taken: { texts: string[]; pods: number | undefined },
): AppTraffic {
  const { name, app, live, now, stackName } = known;
  const { answer, previous: record } = decide(known);
  const running = record === undefined ? [] : runningReleases(record, name).map((it) => it.name);
  if (answer.kind === "refusal") {
    const table = record === undefined ? "nothing runs" : liveTable(name, record);
    return { ...unchangedTraffic(name, table), releases: running, refusals: answer.refusals };
  }
  const differences =
    record && live ? notAsRecorded(record, servingApp(live), name, entranceOf(app)) : [];
  const facts = { ...app, app: name, plan: answer, record, live, taken: taken.pods, now };
  const isKnown = live !== undefined || taken.pods !== undefined;
  const capacity = isKnown ? capacityOf(facts) : undefined;
  const pods = capacity === undefined ? [] : podSentences(answer, capacity, app.scaling);
  const ofPods = (kind: "notice" | "danger") =>
    pods.filter((it) => it.kind === kind).map(({ text }) => text);
  const { steps, notices, services } = answer;
  const changes = steps.some(({ kind }) => kind !== "nothing");
  return {
    ...unchangedTraffic(name, trafficTable(name, record, answer, app, capacity)),
    changes,
    sentences: [
      ...[...steps.filter(({ kind }) => kind !== "nothing"), ...notices].map((it) => it.text),
      ...(changes ? nodePortTexts(app, known.stack.environment, answer) : []),
      ...taken.texts,
      ...ofPods("notice"),
    ],
    inPlace: steps.flatMap((step) =>
      step.kind === "update-in-place" ? [releaseName(name, step.release)] : [],
    ),
    podDangers: [...differences, ...ofPods("danger")],
    move: answer.move,
    frozen: notices.find(({ kind }) => kind === "freeze-in-force")?.text,
    overrides: [
      ...steps.filter(({ kind }) => kind === "override"),
      ...notices.filter(({ kind }) => kind === "policy-weaker"),
    ].map(({ text }) => text),
    relied: reliedCheck({ name, app, answer, previous: record, now }),
    undo: record === undefined || !changes ? [] : undoCommands(stackName, name, record, answer),
    releases: [...running, ...answer.releases.map((it) => it.name)],
    workerPods: !isWorker(app)
      ? {}
      : capacity === undefined
        ? replicasOf(workerNumbersOf(answer, app))
        : workerPodsIn(capacity),
    selected: isWorker(app)
      ? {}
      : { [`${name}-stable`]: services.stable, [`${name}-canary`]: services.canary },
    steady: steadyReleases(name, app, answer, record),
  };
}

function departingTraffic(
  { name, refusals, overridden }: DepartingApp,
  record: AppRecord,
): AppTraffic {
  const running = runningReleases(record, name).map((it) => it.name);
  if (refusals.length > 0) {
    return { ...unchangedTraffic(name, liveTable(name, record)), releases: running, refusals };
  }
  return {
    ...unchangedTraffic(name, departureTable(name, record)),
    changes: true,
    sentences: ["the config no longer names a release of this app: all of it is deleted"],
    overrides: overridden,
  };
}

function unchangedTraffic(app: string, table: string): AppTraffic {
  const lists = { sentences: [], refusals: [], overrides: [], undo: [], releases: [] };
  const none = { inPlace: [], podDangers: [], workerPods: {}, selected: {}, steady: [] };
  return { app, table, changes: false, ...lists, ...none };
}

/** Returns the commands that restore the recorded releases after the plan was applied. */
function undoCommands(stack: string, app: string, record: AppRecord, after: Plan): string[] {
  const { stable, canary } = record;
  const command = (verb: string, rest: string) =>
    `npx platform release ${verb} ${app}${rest} --stack ${stack} --update`;
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
  const { version, revision, digest } = release;
  const which =
    keyOf({ version, revision }) === version ? version : `${version} --revision ${revision}`;
  const pinned = digest === undefined ? "" : ` --digest ${digest}`;
  return [...back, command("canary", ` ${which}${pinned} --weight ${canary.weight}`)];
}
