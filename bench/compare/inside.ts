import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../../config/reason";
import { main } from "../../local/commands/main";
import type { OpenLoad } from "../../test/e2e/support/open-load";
import { writeReport } from "../measure/report";
import { ArgoRollouts } from "./argo-rollouts";
import type { Contender } from "./contender";
import { Flagger } from "./flagger";
import { measureChange, type Change } from "./measure-change";
import { Platform } from "./platform";
import { comparisonTable, type Compared } from "./report";
import {
  beforeRollback,
  firstVersion,
  peak,
  rounds,
  stepSeconds,
  versionOf,
  weights,
} from "./settings";
import { Site } from "./site";

const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

/** Length of a window without failed requests, milliseconds, and how many of them are steady. */
const window = 5000;
const cleanWindows = 2;

/** Seconds of a release that are configured to pass. */
const configured = weights.length * stepSeconds;

/** Longest time until the autoscaler has enough pods for the peak, milliseconds. */
const steadyTimeout = 300_000;

/** A contender with its load and what was measured of it. */
interface Run {
  contender: Contender;
  load: OpenLoad;
  compared: Compared;
}

/** Starts a contender; its load begins with its first round. */
async function start(contender: Contender): Promise<Run> {
  const { name, routing, app } = contender;
  const run: Run = {
    contender,
    load: site.load(app, 0),
    compared: { name, routing, changes: [] },
  };
  await tryStep(run, () => contender.start(firstVersion));
  return run;
}

/** Does a step of a contender, unless it has failed; a failure ends its rounds only. */
async function tryStep({ compared }: Run, step: () => Promise<void>): Promise<void> {
  if (compared.failure !== undefined) return;
  try {
    await step();
  } catch (error) {
    compared.failure = reasonOf(error);
    say(`${compared.name}: ${compared.failure}`);
    process.exitCode = 1;
  }
}

/** Releases a version at peak, and goes back to the first one. */
async function measureRound({ contender, load, compared }: Run, round: number): Promise<void> {
  const version = versionOf(round);
  const measuring = { contender, load, cluster: site.cluster };
  const add = (change: Change) => {
    compared.changes.push(change);
    compared.memory = contender.memory();
    say(`[${round}/${rounds}] ${summary(change)}`);
  };
  load.rate = peak;
  try {
    await steady(load);
    const release = { kind: "release", from: firstVersion, configured } as const;
    add(await measureChange(measuring, release, () => contender.release(version)));
    await sleep(beforeRollback * 1000);
    const rollback = { kind: "rollback", from: version, configured: 0 } as const;
    add(await measureChange(measuring, rollback, () => contender.rollback(firstVersion)));
  } finally {
    load.rate = 0;
  }
}

/** Waits until the autoscaler has added the pods that the peak needs. */
async function steady(load: OpenLoad): Promise<void> {
  const end = Date.now() + steadyTimeout;
  for (let clean = 0; clean < cleanWindows;) {
    load.reset();
    await sleep(window);
    const { total, failed } = load.answers;
    clean = failed.length === 0 && total > 0 ? clean + 1 : 0;
    if (Date.now() > end) {
      throw new Error(`${failed.length} of ${total} requests still fail: ${failed[0] ?? "none"}`);
    }
  }
}

function summary(change: Change): string {
  const { contender, kind, seconds, finished, failed, requests, switches, fewest } = change;
  const pods = (all: typeof switches) =>
    all.map(({ service, share, ready, needed }) => `${service} ${share}% ${ready}/${needed}`);
  return [
    `${contender}: ${kind} ${seconds.toFixed(1)} s, finished ${finished.toFixed(1)} s`,
    `${failed} of ${requests} failed ${JSON.stringify(change.reasons)}, ${change.omitted} omitted`,
    `switches: ${pods(switches).join(", ")}`,
    `fewest: ${pods(fewest === undefined ? [] : [fewest]).join("")}`,
  ].join("; ");
}

let site: Site;

main(async () => {
  say("a cluster with Traefik, Prometheus and metrics-server");
  site = await Site.create();
  const stop = () => void site.close().finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  const contenders = [new Platform(site), new ArgoRollouts(site), new Flagger(site)];
  try {
    const runs: Run[] = [];
    for (const contender of contenders) runs.push(await start(contender));
    const all = runs.map(({ compared }) => compared);
    // By turns, because other load of the machine then affects all of them.
    for (let round = 1; round <= rounds; round++) {
      for (const run of runs) {
        await tryStep(run, () => measureRound(run, round));
        writeReport({ name: "compare", title: "Releases, compared", compared: all });
      }
    }
    for (const { load } of runs) await load.stop();
    console.log(`\n${comparisonTable(all)}\n`);
    if (site.errors.length > 0) throw new Error(`the kubelets failed: ${String(site.errors[0])}`);
  } finally {
    for (const contender of contenders) await contender.stop();
    await site.close();
  }
});
