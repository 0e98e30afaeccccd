import { setTimeout as sleep } from "node:timers/promises";
import type { OpenLoad } from "../../test/e2e/support/open-load";
import type { Cluster } from "../../local/cluster";
import { ObjectWatcher } from "../../test/support/object-watcher";
import type { Contender } from "./contender";
import { capacity, changeTimeout, namespace, peak } from "./settings";
import { switchesOf, type BackendKind, type SwitchesSeen } from "./switches";

/** Interval at which the responses are counted, milliseconds: the resolution of the times. */
const interval = 200;

/** Time without a response of the former version until it counts as replaced, milliseconds. */
const quiet = 8000;

/** Time in which a watch receives the objects that exist, milliseconds. */
const listing = 1000;

/** Measurement of a release or a rollback. */
export interface Change extends SwitchesSeen {
  kind: "release" | "rollback";
  contender: string;
  /** Seconds from the change of the desired state until the last response of the former version. */
  seconds: number;
  /** Seconds until the system itself called the change finished. */
  finished: number;
  /** Seconds of these that were configured to pass. */
  configured: number;
  requests: number;
  failed: number;
  /** Reasons of failed requests, with their number. */
  reasons: Record<string, number>;
  /** Requests that were due and not sent, because this process got no CPU time. */
  omitted: number;
}

/** What a change is measured by. */
export interface Measuring {
  contender: Contender;
  load: OpenLoad;
  cluster: Cluster;
}

/**
 * Makes a change at peak, and measures it from the outside: by the responses, and by what is behind the route.
 * @param from version that has all requests before.
 * @throws Error if it still responds after the timeout, or if a watch was lost.
 */
export async function measureChange(
  { contender, load, cluster }: Measuring,
  { kind, from, configured }: { kind: Change["kind"]; from: string; configured: number },
  act: () => Promise<void>,
): Promise<Change> {
  const watcher = new ObjectWatcher<BackendKind>(cluster, {
    service: `/api/v1/namespaces/${namespace}/services`,
    route: contender.route.path,
    pod: `/api/v1/namespaces/${namespace}/pods`,
  });
  await watcher.start();
  await sleep(listing);
  const since = watcher.writes().at(-1)?.revision ?? 0;
  load.reset();
  const started = Date.now();
  const end = started + changeTimeout * 1000;
  const responses = new LastResponse(load, from);
  try {
    await act();
    const finished = Date.now();
    while (Date.now() - responses.at < quiet) {
      if (Date.now() > end) {
        throw new Error(
          `${contender.name}: ${from} still answers after ${changeTimeout} s: ${JSON.stringify(load.answers.byRelease)}`,
        );
      }
      await sleep(interval);
    }
    if (watcher.broken.length > 0) throw new Error(`a watch ended: ${String(watcher.broken[0])}`);
    return {
      kind,
      contender: contender.name,
      seconds: (responses.at - started) / 1000,
      finished: (finished - started) / 1000,
      configured,
      requests: load.answers.total,
      failed: load.answers.failed.length,
      reasons: countReasons(load.answers.failed),
      omitted: load.omitted,
      ...switchesOf(watcher.writes(), {
        route: contender.route.name,
        since,
        rates: { peak, capacity },
      }),
    };
  } finally {
    responses.stop();
    watcher.stop();
  }
}

/** The time of a version's last response. */
class LastResponse {
  at = Date.now();
  private count = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(load: OpenLoad, version: string) {
    this.timer = setInterval(() => {
      const { [version]: count = 0 } = load.answers.byRelease;
      if (count > this.count) this.at = Date.now();
      this.count = count;
    }, interval);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Counts failures by reason; each begins with its time. */
function countReasons(failed: readonly string[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const text of failed) {
    const reason = text.replace(/^\S+ /, "");
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return reasons;
}
