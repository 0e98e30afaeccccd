import assert from "node:assert/strict";
import type { Change } from "../../../bench/compare/measure-change";
import { comparisonTable } from "../../../bench/compare/report";
import { switchesOf, type BackendKind } from "../../../bench/compare/switches";
import { toolsFor } from "../../../local/toolchain/install";
import type { Purpose } from "../../../local/toolchain/tool";
import type { LiveObject, SeenWrite } from "../../support/object-watcher";

const rates = { peak: 100, capacity: 30 };

/** The writes of a namespace, one after the other. */
class Writes {
  readonly all: SeenWrite<BackendKind>[] = [];

  get revision(): number {
    return this.all.length;
  }

  add(kind: BackendKind, name: string, rest: Partial<LiveObject>, type = "MODIFIED"): this {
    const revision = this.revision + 1;
    const metadata = { name, resourceVersion: String(revision), ...rest.metadata };
    this.all.push({ kind, type, revision, object: { ...rest, metadata } });
    return this;
  }

  service(name: string, release: string): this {
    return this.add("service", name, { spec: { selector: { release } } });
  }

  pod(name: string, release: string, { ready = true, ending = false, type = "MODIFIED" } = {}) {
    const metadata = {
      ...{ name, resourceVersion: "0", labels: { release, other: "label" } },
      ...(ending && { deletionTimestamp: "2026-11-27T12:00:00Z" }),
    };
    const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
    return this.add("pod", name, { metadata, status: { conditions } }, type);
  }

  route(stable: number, canary: number, name = "shop"): this {
    const backendRefs = [
      { name: "shop-stable", weight: stable },
      { name: "shop-canary", weight: canary },
    ];
    const all = [{ name: "shop-stable", weight: 1 }];
    const rules = [{ backendRefs: all }, { backendRefs }];
    return this.add("route", name, { spec: { rules } });
  }
}

/** Stable release a has all requests and four pods, and release b has one. */
function before(): Writes {
  const writes = new Writes().service("shop-stable", "a").service("shop-canary", "b").route(100, 0);
  for (const name of ["a1", "a2", "a3", "a4"]) writes.pod(name, "a");
  return writes.pod("b1", "b");
}

function seen(writes: Writes, since: number) {
  return switchesOf(writes.all, { route: "shop", since, rates });
}

describe("the switches of a route", () => {
  it("are counted from the start of the change, with ready and needed pods", () => {
    const writes = before();
    const since = writes.revision;
    writes.route(80, 20).pod("b2", "b").route(50, 50);
    assert.deepEqual(seen(writes, since), {
      switches: [
        { service: "shop-canary", share: 20, ready: 1, needed: 1 },
        { service: "shop-canary", share: 50, ready: 2, needed: 2 },
      ],
      fewest: { service: "shop-canary", share: 20, ready: 1, needed: 1 },
    });
  });

  it("are also new selectors of a Service that has requests, and of no other", () => {
    const writes = before();
    const since = writes.revision;
    writes.service("shop-canary", "a").service("shop-stable", "b");
    assert.deepEqual(seen(writes, since).switches, [
      { service: "shop-stable", share: 100, ready: 1, needed: 4 },
    ]);
  });

  it("do not include unchanged weights or selectors, or those of another route", () => {
    const writes = before();
    const since = writes.revision;
    writes.route(100, 0).service("shop-stable", "a").route(0, 100, "other");
    assert.deepEqual(seen(writes, since).switches, []);
  });

  it("include the weights of a TraefikService", () => {
    const writes = before();
    const since = writes.revision;
    const services = [{ name: "shop-stable", weight: 0 }, { name: "shop-canary" }];
    writes.add("route", "shop", { spec: { weighted: { services } } });
    assert.deepEqual(seen(writes, since).switches, [
      { service: "shop-canary", share: 100, ready: 1, needed: 4 },
    ]);
  });

  it("do not count pods that are unready, terminating or deleted; the minimum is over all moments", () => {
    const writes = before();
    const since = writes.revision;
    writes.pod("a1", "a", { ready: false }).pod("a2", "a", { ending: true });
    writes.pod("a3", "a", { type: "DELETED" });
    for (const name of ["a1", "a2", "a3"]) writes.pod(name, "a");
    assert.deepEqual(seen(writes, since), {
      switches: [],
      fewest: { service: "shop-stable", share: 100, ready: 1, needed: 4 },
    });
  });
});

describe("the table of a comparison", () => {
  const change = (values: Partial<Change>): Change => ({
    ...{ kind: "release", contender: "a", seconds: 70, finished: 72, configured: 60 },
    ...{ requests: 100, failed: 0, reasons: {}, omitted: 0, switches: [] },
    ...values,
  });

  it("has minimum, median and maximum, the time without the soak, and the worst switch of each run", () => {
    const few = { service: "s", share: 50, ready: 1, needed: 2 };
    const enough = { service: "s", share: 100, ready: 5, needed: 4 };
    const text = comparisonTable([
      {
        name: "a",
        routing: "HTTPRoute",
        memory: { controller: 80, command: 0 },
        changes: [
          change({ seconds: 80, switches: [enough, few], fewest: few }),
          change({ failed: 7, switches: [enough], fewest: enough }),
          change({ seconds: 90 }),
          change({ kind: "rollback", seconds: 5, finished: 6, configured: 0 }),
        ],
      },
    ]);
    assert.ok(
      text.includes(
        "| a | 3 | 70 / 80 / 90 | 10 / 20 / 30 | 72 / 72 / 72 | 0 / 0 / 7 | 300 | 1 of 2, 5 of 4 | 1 of 2, 5 of 4 |",
      ),
      text,
    );
    assert.ok(
      text.includes("| a | 1 | 5 / 5 / 5 | 5 / 5 / 5 | 6 / 6 / 6 | 0 / 0 / 0 | 100 |"),
      text,
    );
    assert.ok(text.includes("| a | HTTPRoute | 80 | 0 |"), text);
  });

  it("says why a contender has no results", () => {
    const text = comparisonTable([
      { name: "a", routing: "HTTPRoute", changes: [], failure: "it did not start" },
    ]);
    assert.ok(text.endsWith("a: it did not start"), text);
  });
});

describe("the compared systems", () => {
  it("are not installed by any set-up", () => {
    const purposes: Purpose[] = ["local", "machines", "charts", "test", "nightly", "bench"];
    for (const purpose of purposes) {
      const names = toolsFor(purpose).map(({ name }) => name);
      assert.ok(!names.includes("argo-rollouts") && !names.includes("flagger"), purpose);
    }
  });
});
