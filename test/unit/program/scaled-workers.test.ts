import assert from "node:assert/strict";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { notAsRecorded } from "../../../program/live-differences";
import { recordFrom } from "../../../program/records";
import { notAvailable } from "../../../program/wait/worker-pods";
import { Machine } from "./worker-machine";

const [replicas, max] = [2, 20];
const stable = "1.0.0";
const canary = { version: "1.1.0", weight: 25 };

const version = fc.constantFrom("1.0.0", "1.1.0", "1.2.0");
const turn = fc.record({
  stable: version,
  canary: fc.option(fc.record({ version, weight: fc.integer({ min: 0, max: 100 }) }), {
    nil: undefined,
  }),
  /** Pods that the queue needs after it. */
  load: fc.integer({ min: 0, max: 30 }),
  /** Whether the worker has a fixed number of pods in it. */
  fixed: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0),
  killed: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  broken: fc.array(version, { maxLength: 1 }),
});

describe("the releases of a worker that KEDA scales", () => {
  before(() =>
    pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) }),
  );

  /** A worker whose stable release has as many pods as the queue needs. */
  async function load(pods: number): Promise<Machine> {
    const machine = new Machine();
    assert.equal(await machine.update({ stable, replicas, max }), "whole");
    assert.equal(machine.pods("mailer-1-0-0"), replicas);
    machine.load(pods, max);
    return machine;
  }

  const pods = (machine: Machine) => [machine.pods("mailer-1-0-0"), machine.pods("mailer-1-1-0")];

  it("share the working pods; the canary's number stays, and stable keeps what its share needs", async () => {
    const machine = await load(12);
    const asked = { stable, canary, replicas, max };
    assert.equal(await machine.update(asked), "whole");
    assert.deepEqual(pods(machine), [12, 3]);
    // However short the queue gets, the canary has no more than its quarter.
    machine.load(0, max);
    assert.deepEqual(pods(machine), [9, 3]);
    machine.load(18, max);
    assert.deepEqual(pods(machine), [18, 3]);
    assert.equal(await machine.update(asked), "whole");
    assert.deepEqual(pods(machine), [18, 3], "an update without a change moves no pods");
  });

  it("keep the size at a promotion and at a rollback, and then follow the queue", async () => {
    const machine = await load(12);
    await machine.update({ stable, canary, replicas, max });
    assert.equal(await machine.update({ stable: "1.1.0", replicas, max }), "whole");
    assert.deepEqual(pods(machine), [0, 15]);
    machine.load(4, max);
    assert.deepEqual(pods(machine), [0, 15], "the minimum is held for some minutes");
    assert.equal(await machine.update({ stable: "1.0.0", replicas, max }), "whole");
    assert.deepEqual(pods(machine), [15, 0]);
    for (let minutes = 0; minutes < 7; minutes++) await machine.update({ stable, replicas, max });
    machine.load(0, max);
    assert.deepEqual(pods(machine), [replicas, 0]);
  });

  it("keep a fixed number until their successor, because a Deployment without one would fall to one pod", async () => {
    const machine = new Machine();
    assert.equal(await machine.update({ stable, replicas: 6 }), "whole");
    assert.equal(await machine.update({ stable, replicas, max }), "whole");
    assert.deepEqual(pods(machine), [6, 0]);
    assert.equal(await machine.update({ stable: "1.1.0", replicas, max }), "whole");
    assert.deepEqual(pods(machine), [0, 6]);
    machine.load(9, max);
    assert.deepEqual(pods(machine), [0, 9]);
  });

  it("differ from the record if KEDA has not set the number", async () => {
    const machine = await load(12);
    await machine.update({ stable, canary, replicas, max });
    const record = recordFrom(machine.record, "mailer");
    const differences = async () => notAsRecorded(record, await machine.live(), "mailer", "pods");
    assert.deepEqual(await differences(), []);
    machine.deployments.get("mailer-1-0-0")!.spec.replicas = 8;
    machine.deployments.get("mailer-1-1-0")!.spec.replicas = 5;
    const said = "the cluster is not as the last update recorded it: Deployment";
    assert.deepEqual(await differences(), [
      `${said} mailer-1-0-0 has replicas 8 instead of at least 9: KEDA has not scaled it`,
      `${said} mailer-1-1-0 has replicas 5 instead of 3: KEDA has not scaled it`,
    ]);
  });

  it("are waited for until KEDA has set their number, and until as many are available", () => {
    const live = (asked: number, available: number) => ({
      metadata: { generation: 2 },
      spec: { replicas: asked },
      status: { observedGeneration: 2, updatedReplicas: asked, availableReplicas: available },
    });
    const scaling = { replicas: 3, autoscaler: "scaling" } as const;
    assert.deepEqual(notAvailable(live(2, 2), scaling), ["KEDA has set 2 pods so far, not 3"]);
    assert.deepEqual(notAvailable(live(5, 2), scaling), ["2 of its 3 pods are available"]);
    assert.deepEqual(notAvailable(live(5, 3), scaling), []);
    const paused = { replicas: 0, autoscaler: "paused" } as const;
    assert.deepEqual(notAvailable(live(2, 2), paused), ["KEDA has set 2 pods so far, not 0"]);
    assert.deepEqual(notAvailable(live(0, 0), paused), []);
  });

  it("never have more pods than requested or too few, in random histories with kills, loads and failing pods", async function () {
    this.timeout(120_000);
    const seen = { whole: 0, killed: 0, failed: 0, kept: 0 };
    const histories = fc.asyncProperty(
      fc.array(turn, { minLength: 3, maxLength: 12 }),
      async (turns) => {
        const machine = new Machine();
        for (const { load, fixed, killed, broken, ...asked } of turns) {
          if (asked.canary?.version === asked.stable) continue;
          machine.broken = broken;
          const end = await machine.update({ ...asked, replicas, ...(!fixed && { max }) }, killed);
          seen[end]++;
          machine.load(load, max);
          if (end !== "whole") continue;
          const { retained } = recordFrom(machine.record, "mailer");
          for (const key of retained) {
            assert.equal(machine.pods(`mailer-${key.replaceAll(".", "-")}`), 0);
            seen.kept++;
          }
        }
      },
    );
    await fc.assert(histories, { numRuns: 60, seed: 7 });
    for (const [what, count] of Object.entries(seen)) assert.ok(count > 10, `${what}: ${count}`);
  });
});
