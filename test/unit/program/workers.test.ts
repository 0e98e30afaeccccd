import assert from "node:assert/strict";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { workerPodsIn } from "../../../program/capacity";
import { notAsPlanned } from "../../../program/wait/recorded";
import { notAsRecorded } from "../../../program/live-differences";
import { recordFrom } from "../../../program/records";
import { planReleases } from "../../../program/releases";
import { policyOf } from "../../../program/release-policy";
import { notAvailable } from "../../../program/wait/worker-pods";
import { workerSplit } from "../../../releases/worker-pods";
import { Machine } from "./worker-machine";
import { stackOf } from "./worker-stack";

const version = fc.constantFrom("1.0.0", "1.1.0", "1.2.0");
const turn = fc.record({
  stable: version,
  canary: fc.option(fc.record({ version, weight: fc.integer({ min: 0, max: 100 }) }), {
    nil: undefined,
  }),
  /** Changes after which the update is killed. */
  /** Whether it asks what the last one asked, which may have failed. */
  again: fc.boolean(),
  killed: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  /** Versions whose new pods are not available in it. */
  broken: fc.array(version, { maxLength: 1 }),
});

describe("the releases of a worker", () => {
  before(() =>
    pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) }),
  );

  it("share its pods: the canary's rounded up, and stable keeps one as long as it has a share", () => {
    const numbers = (replicas: number, weight: number) => {
      const { stable, canary } = workerSplit(replicas, weight);
      return [stable, canary];
    };
    assert.deepEqual(numbers(4, 0), [4, 0]);
    assert.deepEqual(numbers(4, 1), [3, 1]);
    assert.deepEqual(numbers(4, 26), [2, 2]);
    assert.deepEqual(numbers(4, 100), [0, 4]);
    assert.deepEqual(numbers(1, 5), [1, 1]);
    assert.deepEqual(numbers(10, 99), [1, 10]);
  });

  it("never have more pods than requested or too few, in random histories with kills and failing pods", async function () {
    this.timeout(120_000);
    const seen = { whole: 0, killed: 0, failed: 0, kept: 0 };
    const histories = fc.asyncProperty(
      fc.integer({ min: 1, max: 10 }),
      fc.array(turn, { minLength: 3, maxLength: 12 }),
      async (replicas, turns) => {
        const machine = new Machine();
        let last: (typeof turns)[number] | undefined;
        for (const { again, killed, broken, ...asked } of turns) {
          const { stable, canary } = again && last ? last : asked;
          if (canary?.version === stable) continue;
          last = { again, killed, broken, stable, canary };
          machine.broken = broken;
          const end = await machine.update({ stable, canary, replicas }, killed);
          seen[end]++;
          if (end !== "whole") continue;
          const { retained } = recordFrom(machine.record, "mailer");
          for (const key of retained) {
            const name = `mailer-${key.replaceAll(".", "-")}`;
            assert.ok(machine.deployments.has(name), "a kept release has its Deployment");
            assert.equal(machine.pods(name), 0);
            seen.kept++;
          }
        }
      },
    );
    await fc.assert(histories, { numRuns: 30, seed: 11 });
    for (const [what, count] of Object.entries(seen)) assert.ok(count > 10, `${what}: ${count}`);
  });

  it("keep their pods until the promoted canary has available ones, however many it was to have before", async () => {
    for (const [replicas, weight] of [
      [1, 10],
      [2, 99],
      [10, 95],
    ] as const) {
      const machine = new Machine();
      const canary = { version: "1.1.0", weight };
      assert.equal(await machine.update({ stable: "1.0.0", replicas }), "whole");
      assert.equal(await machine.update({ stable: "1.0.0", canary, replicas }), "whole");
      assert.equal(machine.pods("mailer-1-1-0"), replicas);
      const stable = machine.pods("mailer-1-0-0");
      machine.broken = ["1.1.0"];
      // The second update finds the number of pods that the first one has asked for.
      for (const attempt of ["first", "second"]) {
        assert.equal(await machine.update({ stable: "1.1.0", replicas }), "failed", attempt);
        assert.equal(machine.pods("mailer-1-0-0"), stable, attempt);
      }
      machine.broken = [];
      assert.equal(await machine.update({ stable: "1.1.0", replicas }), "whole");
      assert.equal(machine.pods("mailer-1-0-0"), 0);
    }
  });

  it("keep their pods if a failed promotion is run again", async () => {
    const machine = new Machine();
    const canary = { version: "1.1.0", weight: 25 };
    await machine.update({ stable: "1.0.0", replicas: 4 });
    await machine.update({ stable: "1.0.0", canary, replicas: 4 });
    machine.broken = ["1.1.0"];
    for (const attempt of ["first", "second"]) {
      assert.equal(await machine.update({ stable: "1.1.0", replicas: 4 }), "failed", attempt);
      assert.equal(machine.pods("mailer-1-0-0"), 3, attempt);
    }
  });

  it("are not waited for if none of them loses pods", async () => {
    const machine = new Machine();
    await machine.update({ stable: "1.0.0", replicas: 4 });
    machine.broken = ["1.0.0"];
    assert.equal(await machine.update({ stable: "1.0.0", replicas: 4 }), "whole");
  });

  it("are read from their Deployments: a worker without a record is adopted, not released again", async () => {
    const machine = new Machine();
    const canary = { version: "1.1.0", weight: 25 };
    assert.equal(await machine.update({ stable: "1.0.0", replicas: 4 }), "whole");
    assert.equal(await machine.update({ stable: "1.0.0", canary, replicas: 4 }), "whole");
    const live = await machine.live();
    assert.deepEqual(live?.services, {
      stable: { name: "mailer-1-0-0", key: "1.0.0" },
      canary: { name: "mailer-1-1-0", key: "1.1.0" },
    });
    assert.equal(live?.weight, 25);
    const lost = (stable: string) =>
      planReleases(stackOf({ stable, replicas: 4 }), {}, new Date(), { mailer: live! });
    assert.match(lost("1.0.0")[0]?.plan.steps[0]?.text ?? "", /the record is lost; 1\.0\.0/);
  });

  it("do not count as a lost record after a failed first deployment: a corrected version is the first one", async () => {
    const machine = new Machine();
    machine.broken = ["1.0.0"];
    assert.equal(await machine.update({ stable: "1.0.0", replicas: 2 }), "failed");
    const live = await machine.live();
    const stack = stackOf({ stable: "1.0.1", replicas: 2 });
    const releases = { ...stack.releases, forcedCanary: true };
    const [corrected] = planReleases({ ...stack, releases }, {}, new Date(), { mailer: live! });
    assert.deepEqual(
      corrected?.plan.steps.map(({ kind }) => kind),
      ["deploy", "first-deployment"],
    );
    live!.releases["mailer-1-0-0"]!.ready = 1;
    assert.throws(
      () => planReleases({ ...stack, releases }, {}, new Date(), { mailer: live! }),
      /the record of this app is lost and the cluster runs 1\.0\.0 as stable/,
    );
  });

  it("differ from the record if somebody scaled one, or an update ended in between", async () => {
    const machine = new Machine();
    await machine.update({ stable: "1.0.0", replicas: 4 });
    await machine.update(
      { stable: "1.0.0", canary: { version: "1.1.0", weight: 25 }, replicas: 4 },
      1,
    );
    const record = recordFrom(machine.record, "mailer");
    const differences = async () => notAsRecorded(record, await machine.live(), "mailer", "pods");
    assert.deepEqual(await differences(), []);
    await machine.update({ stable: "1.1.0", replicas: 4 }, 1);
    assert.equal((await machine.live())?.services.stable?.key, "1.0.0");
    machine.deployments.get("mailer-1-0-0")!.spec.replicas = 9;
    assert.deepEqual(await differences(), [
      'the cluster is not as the last update recorded it: Deployment mailer-1-0-0 has replicas 9 instead of 4: it was scaled by hand; "pulumi up --refresh --run-program" resets it',
    ]);
  });

  it("are compared with the planned number of pods after an update, which may have skipped them", async () => {
    const machine = new Machine();
    await machine.update({ stable: "1.0.0", replicas: 4 });
    const live = await machine.live();
    const [planned] = planReleases(
      stackOf({ stable: "1.0.0", replicas: 6 }),
      { mailer: machine.record },
      new Date(Date.UTC(2027, 0)),
      { mailer: live! },
    );
    assert.ok(planned);
    const workerPods = workerPodsIn(planned.capacity);
    const differences = () => notAsPlanned({ ...planned.plan, workerPods }, live, "mailer", "pods");
    assert.deepEqual(differences(), ["Deployment mailer-1-0-0 has replicas 4 instead of 6"]);
    live!.releases["mailer-1-0-0"]!.replicas = 6;
    assert.match(differences().join(), /has replicas 6 instead of 4: it was scaled by hand/);
  });

  it("are all of one kind, including recorded ones", async () => {
    const machine = new Machine();
    await machine.update({ stable: "1.0.0", replicas: 4 });
    const web = stackOf(
      { stable: "1.0.0", replicas: 4 },
      {
        ...{ kind: "web", domain: "mailer.platform.test", scaling: {} },
      },
    );
    assert.throws(
      () => planReleases(web, { mailer: machine.record }, new Date(Date.UTC(2027, 0))),
      /it is a worker, and a release of it would be a web app \(one-kind\)/,
    );
  });

  it("are judged by the queries of their app, and need no requests", () => {
    const query = { query: 'sum(failed{pod=~"$release-.*"})', max: 0 };
    const { apps, releases } = stackOf(
      { stable: "1.0.0", replicas: 4 },
      {
        check: { queries: { failed: query } },
      },
    );
    const common = { errors: { query: "sum(errors)", max: 1 } };
    const policy = { releases: { ...releases, check: { ...releases.check, queries: common } } };
    const worker = policyOf(policy, apps["mailer"]);
    assert.deepEqual(Object.keys(worker.check.queries), ["failed"]);
    assert.equal(worker.minimumSamples, 0);
    const web = policyOf(policy, { kind: "web", check: { queries: { failed: query } } });
    assert.deepEqual(Object.keys(web.check.queries), ["errors", "failed"]);
    assert.equal(web.minimumSamples, 500);
  });

  it("are waited for until all pods of the change are available", () => {
    const metadata = { generation: 2 };
    const spec = { replicas: 3 };
    const all = { observedGeneration: 2, updatedReplicas: 3, availableReplicas: 3 };
    assert.deepEqual(notAvailable({ metadata, spec, status: all }), []);
    assert.deepEqual(notAvailable({ metadata, spec, status: { ...all, availableReplicas: 2 } }), [
      "2 of its 3 pods are available",
    ]);
    assert.deepEqual(notAvailable({ metadata, spec, status: { ...all, observedGeneration: 1 } }), [
      "its controller has not seen the change yet",
    ]);
    assert.deepEqual(notAvailable(undefined), ["it does not exist"]);
  });
});
