import assert from "node:assert/strict";
import { dangersOf } from "../../../../cli/preview/dangers";
import { normalPlan, planDifference, planHash, planLines } from "../../../../cli/preview/plan";
import { readEvents, type Preview } from "../../../../cli/preview/events";
import { capacityOf, holdSeconds } from "../../../../program/capacity";
import { at, check, debug, hour, withCanary } from "../../releases/story";
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

/** A Deployment belongs to a release by its parent component. */
function ofRelease(preview: Preview): Preview {
  const steps = preview.steps.map((step) => ({ ...step, parent: `Release ${step.name}` }));
  return { ...preview, steps };
}

const scaled = (least: number, kind = "autoscaling/v2:HorizontalPodAutoscaler"): Change => {
  const field = kind.startsWith("keda") ? "minReplicaCount" : "minReplicas";
  return {
    op: least === 2 ? "same" : "update",
    type: `kubernetes:${kind}`,
    name: "shop-1-4-2",
    before: { ...named("shop-1-4-2"), spec: { [field]: 2 } },
    after: { ...named("shop-1-4-2"), spec: { [field]: least } },
  };
};

describe("dangers of releases", () => {
  it("include pods of a live release that change without a new one, for example by an edited preset", () => {
    const { steps } = ofRelease(previewOf(rolled));
    const [danger] = dangersOf(steps, [traffic()], []);
    assert.equal(danger?.kind, "pods");
    assert.match(danger?.text ?? "", /live release `shop-1-4-2` are replaced without a canary/);
    assert.match(danger?.text ?? "", /spec\.template\.spec\.containers/);
    // If no canary is forced, an edit of the config shows this itself.
    assert.deepEqual(dangersOf(steps, [traffic({ inPlace: ["shop-1-4-2"] })], []), []);
  });

  it("do not include images of an app's own jobs, which follow its stable release", () => {
    const job = (tag: string) => ({
      kind: "CronJob",
      ...named("shop-bill"),
      spec: {
        jobTemplate: {
          spec: { template: { spec: { containers: [{ name: "shop", image: `a/shop:${tag}` }] } } },
        },
      },
    });
    const of = (kind: string, parent: { type: string; name: string }) => {
      const change = { type: `kubernetes:batch/v1:${kind}`, name: "shop-bill", parent };
      const { steps } = previewOf({ ...change, before: job("1.5.0"), after: job("online-3f2c1") });
      return dangersOf(steps, [traffic()], []).map(({ kind: found }) => found);
    };
    assert.deepEqual(of("CronJob", { type: "platform:app:App", name: "shop" }), []);
    // A job of the platform's has no releases that would tell.
    const part = { type: "platform:backup:Backup", name: "backup" };
    assert.deepEqual(of("CronJob", part), ["image"]);
  });

  it("include too few pods, and a cluster that differs from the record", () => {
    const text = "1.5.0 would need 12 pods";
    const [danger] = dangersOf([], [traffic({ podDangers: [text] })], []);
    assert.deepEqual(danger, { kind: "capacity", text: `\`shop\`: ${"`"}${text}${"`"}.` });
  });
});

describe("an approved plan", () => {
  const least = (before: number, after: number) => ({
    before: { min: before },
    after: { min: after },
  });
  const app = (before: number, after: number) =>
    traffic({ releases: ["shop-1-4-2", "shop-1-5-0"], minimumPods: least(before, after) });
  const hash = (floors: Change[], apps = [app(2, 2)]) =>
    planHash(normalPlan("prod", previewOf(...floors), undefined, apps));

  it("is the same whatever an autoscaler's minimum under load and over time", () => {
    const story = withCanary();
    const promote = { stable: { version: "1.5.0", check: check("1.5.0", 2 * hour) } };
    const plan = story.planned({ ...promote, template: debug }, 2 * hour);
    const floors = new Set<number>();
    const hashes = new Set<string>();
    for (let pods = 1; pods <= 40; pods++) {
      for (const seconds of [-600, -holdSeconds, 0, holdSeconds, 600]) {
        const { releases } = capacityOf({
          app: "shop",
          plan,
          record: story.record,
          live: {
            services: {
              stable: { key: "1.4.2", name: "shop-1-4-2" },
              canary: { key: "1.5.0", name: "shop-1-5-0" },
            },
            weight: 10,
            releases: {
              "shop-1-4-2": { ready: pods, floor: 2 },
              "shop-1-5-0": { ready: 2, floor: 2 },
            },
          },
          scaling: { min: 2, max: 40 },
          now: new Date(at(2 * hour + seconds)),
        });
        const floor = releases["shop-1-5-0"]?.floor ?? 0;
        floors.add(floor);
        for (const kind of ["autoscaling/v2:HorizontalPodAutoscaler", "keda:ScaledObject"]) {
          hashes.add(hash([scaled(floor, kind)]));
        }
      }
    }
    assert.ok(floors.size > 30);
    assert.deepEqual([...hashes], [hash([])]);
  });

  it("is the same whatever the number of pods of a worker's canary under load", () => {
    const key = "autoscaling.keda.sh/paused-replicas";
    const paused = (pods?: string) => ({
      kind: "ScaledObject",
      metadata: { name: "shop-1-4-2", ...(pods && { annotations: { [key]: pods } }) },
    });
    const change = (before: string | undefined, after: string | undefined): Change => ({
      type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
      name: "shop-1-4-2",
      before: paused(before),
      after: paused(after),
    });
    assert.equal(hash([change("3", "7")]), hash([]));
    assert.equal(hash([change(undefined, "7")]), hash([change(undefined, "9")]));
  });

  it("is the same for a new release, and when a raised minimum falls", () => {
    const created = (floor: number) => ({ ...scaled(floor), op: "create", before: undefined });
    assert.equal(hash([created(4)]), hash([created(9)]));
    assert.notEqual(hash([created(4)]), hash([]));
    assert.equal(hash([{ ...scaled(2), op: "update", before: scaled(8).after }]), hash([]));
  });

  it("differs if scaling.min or scaling.rest changes, and shows the change", () => {
    const changed = [app(2, 4)];
    assert.notEqual(hash([scaled(4)], changed), hash([scaled(4)]));
    assert.equal(hash([scaled(4)], changed), hash([scaled(17)], changed));
    const plan = (apps = changed) => normalPlan("prod", previewOf(), undefined, apps);
    assert.deepEqual(planLines(plan()), ["    + shop scaling.min: 2 → 4"]);
    assert.deepEqual(planDifference(plan([]), plan()), ["    + shop scaling.min: 2 → 4"]);
    const rest = traffic({
      minimumPods: { before: { min: 2, rest: 2 }, after: { min: 2, rest: 1 } },
    });
    assert.notEqual(hash([], [rest]), hash([]));
  });

  it("contains the minimum of pods of other workloads than releases", () => {
    const other = (floor: number) =>
      previewOf({ ...scaled(floor), name: "x", after: { ...scaled(floor).after, ...named("x") } });
    const of = (floor: number) => planHash(normalPlan("prod", other(floor), undefined, []));
    assert.notEqual(of(4), of(5));
  });
});

describe("a lower minimum of pods", () => {
  const found = (before: number | undefined, after: number, floor: number) => {
    const app = traffic({ minimumPods: { before: { min: before }, after: { min: after } } });
    const change = { ...scaled(floor), op: "update", before: scaled(8).after };
    return dangersOf(previewOf(change).steps, [app], []).map(({ text }) => text);
  };

  it("is reported from the config, not from the current minimum under load", () => {
    assert.deepEqual(found(2, 2, 2), []);
    assert.deepEqual(found(4, 2, 2), [
      "`shop` keeps fewer pods: `scaling.min` falls from `4` to `2`.",
    ]);
    assert.match(found(undefined, 2, 2).join(), /minReplicas` falls from `8` to `2`/);
  });
});

describe("the record of the last update", () => {
  it("is read from an app's own component if another app made the update fail", () => {
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
