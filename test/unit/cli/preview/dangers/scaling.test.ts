import assert from "node:assert/strict";
import { dangersOf } from "../../../../../cli/preview/dangers";
import { named, previewOf, traffic, type Change } from "../support";

const target = { scaleTargetRef: { kind: "Deployment", name: "shop-1-4-2" } };
const clock = {
  type: "cron",
  metadata: { timezone: "Etc/UTC", start: "0 18 * * *", end: "0 22 * * *", desiredReplicas: "20" },
};
const cpu = { type: "cpu", metadata: { value: "70" } };
const requests = { type: "prometheus", metadata: { query: "up", threshold: "50" } };

function object(kind: string, spec: object) {
  return { kind, ...named("shop-1-4-2", "a"), spec: { ...target, ...spec } };
}
const scaled = (...triggers: object[]) => object("ScaledObject", { maxReplicaCount: 9, triggers });
const autoscaled = (maxReplicas: number, averageUtilization: number) =>
  object("HorizontalPodAutoscaler", {
    maxReplicas,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
      },
    ],
  });
const step = (kind: string, change: Change): Change => ({
  type: `kubernetes:test/v1:${kind}`,
  parent: { type: "platform:app:Release", name: "shop-1-4-2" },
  ...change,
});
const pods: Change = {
  op: "same",
  name: "pods",
  before: { kind: "Deployment", ...named("shop-1-4-2", "a") },
  after: { kind: "Deployment", ...named("shop-1-4-2", "a") },
};

function texts(changes: Change[], apps: ReturnType<typeof traffic>[] = []): string[] {
  const { steps, objects } = previewOf(...changes);
  return dangersOf(steps, apps, [], objects).flatMap(({ kind, text }) =>
    kind === "capacity" ? [text] : [],
  );
}

describe("dangers of autoscalers", () => {
  it("compare one with another kind that replaces it", () => {
    const found = texts([
      pods,
      step("ScaledObject", { op: "delete", name: "shop-1-4-2", before: scaled(clock, cpu) }),
      step("HorizontalPodAutoscaler", { op: "create", name: "hpa", after: autoscaled(5, 100) }),
    ]);
    assert.equal(found.length, 3);
    assert.match(found.join("\n"), /may run fewer pods/);
    assert.match(found.join("\n"), /no longer keeps `20` pods by `the schedule/);
    assert.match(found.join("\n"), /target of `cpu` rises from `70` to `100`/);
    const equal = texts([
      pods,
      step("ScaledObject", { op: "delete", name: "shop-1-4-2", before: scaled(cpu) }),
      step("HorizontalPodAutoscaler", { op: "create", name: "hpa", after: autoscaled(9, 70) }),
    ]);
    assert.deepEqual(equal, []);
  });

  it("name one that is deleted while its pods stay", () => {
    const gone = step("ScaledObject", { op: "delete", name: "shop-1-4-2", before: scaled(cpu) });
    assert.match(texts([pods, gone]).join(), /is deleted, and nothing scales its pods any more/);
    assert.deepEqual(texts([gone]), []);
  });

  it("do not include what a release loses with its role", () => {
    const change = step("ScaledObject", {
      name: "shop-1-4-2",
      before: scaled(clock, cpu, requests),
      after: scaled(cpu),
    });
    const retained = traffic({ selected: { "shop-stable": "shop-1-5-0" } });
    assert.deepEqual(texts([pods, change], [retained]), []);
    const canary = traffic({ selected: { "shop-canary": "shop-1-4-2" } });
    assert.equal(texts([pods, change], [canary]).length, 1);
    const stable = traffic({ selected: { "shop-stable": "shop-1-4-2" } });
    assert.equal(texts([pods, change], [stable]).length, 2);
  });
});
