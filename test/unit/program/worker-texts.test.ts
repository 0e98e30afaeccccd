import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { podSentences } from "../../../program/capacity-texts";
import { planReleases } from "../../../program/releases";
import { Machine } from "./worker-machine";
import { stackOf, type Asked } from "./worker-stack";

describe("the sentences about a worker's pods", () => {
  before(() =>
    pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) }),
  );

  async function sentences(machine: Machine, asked: Asked): Promise<string[]> {
    const stack = stackOf(asked, { stable: { version: asked.stable, now: true } });
    const live = await machine.live();
    const [planned] = planReleases(
      stack,
      { mailer: machine.record },
      new Date(Date.UTC(2027, 0)),
      live && { mailer: live },
    );
    assert.ok(planned !== undefined);
    const { plan, capacity, app } = planned;
    return podSentences(plan, capacity, app.scaling).map(({ kind, text }) => `${kind}: ${text}`);
  }

  it("say which release keeps its number if the worker got an autoscaler", async () => {
    const machine = new Machine();
    await machine.update({ stable: "1.0.0", replicas: 4 });
    assert.deepEqual(await sentences(machine, { stable: "1.0.0", replicas: 2, max: 9 }), [
      "notice: 1.0.0 was started with a fixed number of pods, and keeps 4; the next release is scaled",
    ]);
    const next = await sentences(machine, { stable: "1.1.0", replicas: 2, max: 9 });
    assert.ok(!next.join().includes("fixed number"), next.join("; "));
  });

  it("name the risk of a rollback that does not wait: a former release has no pods", async () => {
    const machine = new Machine();
    const canary = { version: "1.1.0", weight: 25 };
    await machine.update({ stable: "1.0.0", replicas: 4 });
    await machine.update({ stable: "1.0.0", canary, replicas: 4 });
    assert.deepEqual(await sentences(machine, { stable: "1.0.0", replicas: 4 }), [
      "danger: 1.0.0 has 4 of 4 pods, for 100% of them; now: true does not wait for them",
    ]);
    await machine.update({ stable: "1.1.0", replicas: 4 });
    assert.deepEqual(await sentences(machine, { stable: "1.0.0", replicas: 4 }), [
      "danger: 1.0.0 has 4 of 4 pods, for 100% of them; none of them is available, and now: true does not wait: no pod works until they start",
    ]);
  });
});
