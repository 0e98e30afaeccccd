import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { probe } from "../../../cli/doctor/probe";
import type { Cluster } from "../../../local/cluster";
import type { DoctorFixture } from "../../support/doctor";
import { failureOf, kubectl } from "../../support/rendered";
import { until } from "../../support/until";

interface Named {
  metadata: { name: string; namespace?: string };
}

/** Declares the tests of the doctor's probe of network policies. */
export function probesPolicies(given: () => { cluster: Cluster; fixture: DoctorFixture }): void {
  it("leaves nothing behind if the probe's pods do not run or cannot be created", async () => {
    const { fixture } = given();
    // The simulated cluster runs no processes: a pod exists, but does not respond.
    const found = await probe(fixture.api, fixture.config(), 3000);
    assert.equal(found.level, "unknown", found.text);
    const left = () => fixture.api.list<Named>("/api/v1/namespaces");
    const isGone = async () =>
      (await left()).every(({ metadata }) => !metadata.name.startsWith("platform-doctor"));
    await until("the namespace of the probe is gone", 120, isGone);
  });

  // The simulated cluster runs no processes, so the test simulates the result of each call.
  for (const [after, level] of [
    ["Failed", "ok"],
    ["Succeeded", "missing"],
  ] as const) {
    it(`reports a second call that ${after.toLowerCase()} as ${level}`, async () => {
      const { cluster, fixture } = given();
      let ended = false;
      const play = async () => {
        const calls: Record<string, string> = { before: "Succeeded", after };
        for (; !ended; await sleep(500)) {
          const pods = await fixture.api.list<Named & { status: { phase: string } }>(
            "/api/v1/pods",
          );
          for (const { metadata, status } of pods) {
            const { name, namespace = "" } = metadata;
            if (!namespace.startsWith("platform-doctor")) continue;
            const phase = calls[name];
            if (phase === undefined || phase === status.phase) continue;
            const patch = JSON.stringify({ status: { phase } });
            const target = ["patch", "pod", name, "-n", namespace, "--subresource=status"];
            await failureOf(kubectl(cluster, ...target, "-p", patch));
          }
        }
      };
      const playing = play();
      const found = await probe(fixture.api, fixture.config(), 120_000).finally(
        () => (ended = true),
      );
      await playing;
      assert.equal(found.level, level, found.text);
    });
  }
}
