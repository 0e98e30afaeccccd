import assert from "node:assert/strict";
import { dangersOf } from "../../../../cli/preview/dangers";
import { normalPlan, planHash } from "../../../../cli/preview/plan";
import { readEvents, type Preview } from "../../../../cli/preview/events";
import { named, previewOf, traffic, type Change } from "./support";

const pods = (memory: string) => ({
  ...named("shop-1-4-2"),
  spec: { template: { spec: { containers: [{ resources: { limits: { memory } } }] } } },
});

const rolled: Change = {
  type: "kubernetes:apps/v1:Deployment",
  name: "shop-1-4-2",
  before: pods("256Mi"),
  after: pods("512Mi"),
};

/** A Deployment is a release's by the component that it is part of. */
function ofRelease(preview: Preview): Preview {
  const steps = preview.steps.map((step) => ({ ...step, parent: `Release ${step.name}` }));
  return { ...preview, steps };
}

const scaled = (minReplicas: number): Change => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  name: "shop-1-4-2",
  before: { ...named("shop-1-4-2"), spec: { minReplicas: 2, maxReplicas: 10 } },
  after: { ...named("shop-1-4-2"), spec: { minReplicas, maxReplicas: 10 } },
});

describe("dangers of releases", () => {
  it("are pods of a live release that change without one, as by an edited preset", () => {
    const { steps } = ofRelease(previewOf(rolled));
    const [danger] = dangersOf(steps, [traffic()], []);
    assert.equal(danger?.kind, "pods");
    assert.match(danger?.text ?? "", /live release `shop-1-4-2` are replaced without a canary/);
    assert.match(danger?.text ?? "", /spec\.template\.spec\.containers/);
    // Where no canary is forced, an edit of the config says so itself.
    assert.deepEqual(dangersOf(steps, [traffic({ inPlace: ["shop-1-4-2"] })], []), []);
  });

  it("are too few pods, and a cluster that is not as recorded", () => {
    const text = "1.5.0 would need 12 pods";
    const [danger] = dangersOf([], [traffic({ podDangers: [text] })], []);
    assert.deepEqual(danger, { kind: "capacity", text: `\`shop\`: ${"`"}${text}${"`"}.` });
  });
});

describe("an approved plan", () => {
  it("is the same whatever number an autoscaler is raised to for a while", () => {
    const hash = (min: number, raised: Record<string, number>) =>
      planHash(normalPlan("prod", previewOf(scaled(min)), undefined, raised));
    const none = planHash(normalPlan("prod", previewOf(), undefined));
    assert.equal(hash(7, { "shop-1-4-2": 7 }), none);
    assert.equal(hash(9, { "shop-1-4-2": 9 }), none);
    assert.notEqual(hash(9, {}), none);
  });
});

describe("what the last update recorded", () => {
  it("is read from an app's own component, where another app made the update fail", () => {
    const old = (type: string, urn: string, outputs: object) => ({
      resourcePreEvent: { metadata: { op: "same", type, urn, old: { type, outputs, inputs: {} } } },
    });
    const record = (changedAt: string) => ({ changedAt });
    const events = [
      old("pulumi:pulumi:Stack", "urn:pulumi:prod::platform::pulumi:pulumi:Stack::platform-prod", {
        releases: {
          shop: record("2026-11-21T08:00:00.000Z"),
          news: record("2026-11-21T10:00:00.000Z"),
        },
      }),
      old("platform:app:App", "urn:pulumi:prod::platform::platform:app:App::shop", {
        record: record("2026-11-21T09:00:00.000Z"),
      }),
      old("platform:app:App", "urn:pulumi:prod::platform::platform:app:App::news", {
        record: record("2026-11-21T09:00:00.000Z"),
      }),
    ] as unknown as Parameters<typeof readEvents>[0];
    assert.deepEqual(readEvents(events).records, {
      shop: record("2026-11-21T09:00:00.000Z"),
      news: record("2026-11-21T10:00:00.000Z"),
    });
  });
});
