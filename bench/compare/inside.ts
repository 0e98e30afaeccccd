import { setTimeout as sleep } from "node:timers/promises";
import { main } from "../../local/commands/main";
import type { OpenLoad } from "../../test/e2e/support/open-load";
import { ObjectWatcher } from "../../test/support/object-watcher";
import { writeReport } from "../measure/report";
import { ArgoRollouts } from "./argo-rollouts";
import type { Contender } from "./contender";
import { Flagger } from "./flagger";
import { measureChange, type Change, type Measuring } from "./measure-change";
import { Platform } from "./platform";
import { comparisonTable, type Compared } from "./report";
import {
  beforeRollback,
  firstVersion,
  namespace,
  peak,
  rounds,
  stepSeconds,
  versionOf,
  weights,
} from "./settings";
import { Site } from "./site";
import type { BackendKind } from "./switches";

const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

/** Length of a window without failed requests, milliseconds, and how many of them are steady. */
const window = 10_000;
const cleanWindows = 2;

/** Longest time until the autoscaler has enough pods for the peak, milliseconds. */
const steadyTimeout = 300_000;

/** Releases and rolls back in rounds, and returns what was measured up to a failure. */
async function compare(contender: Contender): Promise<Compared> {
  const { name, routing } = contender;
  const compared: Compared = { name, routing, changes: [] };
  const watcher = new ObjectWatcher<BackendKind>(site.cluster, {
    service: `/api/v1/namespaces/${namespace}/services`,
    route: contender.route.path,
    pod: `/api/v1/namespaces/${namespace}/pods`,
  });
  const load = site.load(contender.app, peak);
  try {
    await contender.start(firstVersion);
    await watcher.start();
    for (let round = 1; round <= rounds; round++) {
      const measuring = { contender, load, watcher };
      for await (const change of changesOf(measuring, round)) {
        compared.changes.push(change);
        say(`[${round}/${rounds}] ${summary(change)}`);
      }
    }
    compared.memory = contender.memory();
  } catch (error) {
    compared.failure = error instanceof Error ? error.message : String(error);
    say(`${name}: ${compared.failure}`);
    process.exitCode = 1;
  } finally {
    watcher.stop();
    await load.stop();
    await contender.stop();
  }
  return compared;
}

async function* changesOf(measuring: Measuring, round: number): AsyncGenerator<Change> {
  const { contender, load } = measuring;
  const version = versionOf(round);
  await steady(load);
  const configured = weights.length * stepSeconds;
  yield await measureChange(measuring, { kind: "release", from: firstVersion, configured }, () =>
    contender.release(version),
  );
  await sleep(beforeRollback * 1000);
  yield await measureChange(measuring, { kind: "rollback", from: version, configured: 0 }, () =>
    contender.rollback(firstVersion),
  );
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
  try {
    const all: Compared[] = [];
    const contenders = [new Platform(site), new ArgoRollouts(site), new Flagger(site)];
    const [, , ...only] = process.argv;
    for (const contender of contenders) {
      if (only.length > 0 && !only.includes(contender.app)) continue;
      all.push(await compare(contender));
      // After each, so that the results of the others survive a failure.
      writeReport({ name: "compare", title: "Releases, compared", compared: all });
    }
    console.log(`\n${comparisonTable(all)}\n`);
    if (site.errors.length > 0) throw new Error(`the kubelets failed: ${String(site.errors[0])}`);
  } finally {
    await site.close();
  }
});
