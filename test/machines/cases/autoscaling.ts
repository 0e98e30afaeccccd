import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { OpenLoad } from "../../e2e/support/open-load";
import type { Target } from "../../e2e/support/send";
import { failureOf, kubectl } from "../../support/rendered";
import { isReady, type RealStack } from "../support/stack";
import { until } from "../../support/until";

/** Requests per second that one pod is too little for, by the app's config; and that one pod is enough for. */
const [many, few] = [300, 5];

/** Seconds within which the autoscaler must act: measurements of kubelet and metrics-server, and its own rounds. */
const timeoutSeconds = 180;

/** An app whose pods an autoscaler adds and removes by the CPU that they really use. */
export function autoscaling(real: () => RealStack, target: () => Target): void {
  const inTeam = ["-n", "content-dev"];
  const release = "busy-1-0-0";
  const pods = async () => {
    const all = await real().pods();
    return all.filter((pod) => pod.metadata.name.startsWith(release) && isReady(pod)).length;
  };
  const reaches = async (what: string, enough: (count: number) => boolean) => {
    await until(what, timeoutSeconds, async () => enough(await pods())).catch(
      async (error: unknown) => {
        const seen = await kubectl(real().cluster, "describe", "hpa", release, ...inTeam);
        throw new Error(seen, { cause: error });
      },
    );
  };

  it("measures the CPU of pods on every node by the real metrics-server and kubelets", async () => {
    const path = "/apis/metrics.k8s.io/v1beta1/nodes";
    let nodes: { metadata: { name: string }; usage: { cpu: string } }[] = [];
    await until("both nodes are measured", 120, async () => {
      const args = ["get", "--raw", path];
      const failure = await failureOf(kubectl(real().cluster, ...args));
      if (failure !== "") return false;
      const text = await kubectl(real().cluster, ...args);
      nodes = (JSON.parse(text) as { items: typeof nodes }).items;
      const measured = nodes
        .map(({ metadata }) => metadata.name)
        .filter((it) => /^machine/.test(it));
      return measured.length === 2;
    });
    // The autoscaler asks for them with an account of its own, as on other clusters.
    const account = ["get", "serviceaccount", "-n", "kube-system", "horizontal-pod-autoscaler"];
    await kubectl(real().cluster, ...account);
    for (const { usage } of nodes) assert.match(usage.cpu, /^[1-9]\d*n$/);
  });

  it("adds pods under load and removes them afterwards, without a failed request", async () => {
    assert.equal(await pods(), 1);
    const load = new OpenLoad(target(), many);
    try {
      const began = Date.now();
      await reaches("there are more pods", (count) => count > 1);
      const up = Date.now();
      load.rate = few;
      await reaches("there is one pod again", (count) => count === 1);
      const down = Date.now();
      // What ended takes no more requests.
      await sleep(5000);
      const { failed, total } = await load.stop();
      const seconds = (from: number, to: number) => Math.round((to - from) / 1000);
      console.log(
        `      more pods after ${seconds(began, up)} s, one after ${seconds(up, down)} s; ${total} requests`,
      );
      assert.deepEqual(failed.slice(0, 5), []);
    } finally {
      await load.stop();
    }
  });
}
