import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { kubectl } from "../../support/rendered";
import { ask, Load } from "../../e2e/support/load";
import type { Target } from "../../e2e/support/send";
import { processesNamed } from "../support/processes";
import { isReady, type RealStack } from "../support/stack";
import { until } from "../../support/until";
import { podsNamed } from "./several-nodes";

/** A node that is lost: without its kubelet, and as a whole. Requests come to the other one. */
const [entrance, lost] = ["machine-0", "machine-1"] as const;

/** Seconds after which Kubernetes takes a silent node for lost, and some more for what follows. */
const unknownAfter = 90;
/** Seconds in which everyone must know it then: kube-proxy, and Traefik, which applies changes every 2 s. */
const knownAfter = 15;

export function lostNodes(real: () => RealStack, target: (node: string) => Target): void {
  const readiness = () => {
    const path = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
    return kubectl(real().cluster, "get", "node", lost, "-o", path);
  };
  const isLost = () =>
    until("the node is known as lost", unknownAfter, async () => (await readiness()) === "Unknown");
  const isBack = async () => {
    await until("the node is ready", 120, async () => (await readiness()) === "True");
    await until("every pod is ready", 180, async () => (await real().pods()).every(isReady));
  };

  it("answers every request while a kubelet hangs, even after its node counts as lost", async () => {
    const [kubelet] = processesNamed(real().cluster, lost, "kubelet");
    assert.ok(kubelet);
    const load = new Load(target(entrance), 1);
    try {
      process.kill(kubelet, "SIGSTOP");
      await isLost();
      await until("only pods of the other node answer", knownAfter, async () => {
        const { byRelease } = await ask(target(entrance), 40, 2);
        const names = Object.keys(byRelease).map((text) => text.split(" ")[0]);
        const pods = await podsNamed(real(), "shop-");
        return pods
          .filter(({ metadata }) => names.includes(metadata.name))
          .every(({ spec }) => spec.nodeName === entrance);
      });
    } finally {
      process.kill(kubelet, "SIGCONT");
    }
    await isBack();
    const { failed, total } = await load.stop();
    assert.deepEqual(failed.slice(0, 5), []);
    assert.ok(total > 100, `${total} requests`);
  });

  it("fails requests after the sudden failure of a node only until the node counts as lost", async () => {
    const load = new Load(target(entrance), 4);
    const began = Date.now();
    const since = (time: number) => Math.round((time - began) / 1000);
    try {
      process.kill(real().firstProcess(lost), "SIGKILL");
      await isLost();
      const known = since(Date.now());
      await sleep(knownAfter * 1000);
      const later = new Load(target(entrance), 4);
      await sleep(knownAfter * 1000);
      assert.deepEqual((await later.stop()).failed.slice(0, 5), []);
      const { failed, total } = await load.stop();
      const times = failed.map((text) => since(Date.parse(text.slice(0, text.indexOf(" ")))));
      const last = Math.max(...times);
      console.log(
        `      lost after ${known} s; ${failed.length} of ${total} requests failed, the last of them ${last} s after the end`,
      );
      assert.ok(failed.length > 0, "no request noticed the end of a node");
      assert.ok(last <= known + knownAfter, `a request failed ${last - known} s after that`);
    } finally {
      await load.stop();
      await real().startNodes();
    }
    await isBack();
  });
}
