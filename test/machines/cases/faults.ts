import assert from "node:assert/strict";
import { kubectl } from "../../support/rendered";
import { Load } from "../../e2e/support/load";
import type { Target } from "../../e2e/support/send";
import { processesNamed } from "../support/processes";
import { isReady, type RealStack } from "../support/stack";
import { until } from "../../support/until";

/** Faults of a node and of pods, and what they must leave. */
export function faults(real: () => RealStack, target: () => Target): void {
  it("answers every request while a kubelet is killed, and restarts no container", async () => {
    const restarts = async () =>
      (await real().pods()).map(({ metadata, status }) => [
        metadata.name,
        ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount),
      ]);
    const before = await restarts();
    const load = new Load(target(), 1);
    const [killed] = processesNamed(real().cluster, "machine-0", "kubelet");
    assert.ok(killed);
    process.kill(killed, "SIGKILL");
    await until("another kubelet runs", 30, () => {
      const [pid] = processesNamed(real().cluster, "machine-0", "kubelet");
      return Promise.resolve(pid !== undefined && pid !== killed);
    });
    await until("the node is ready", 60, async () => {
      const path = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
      return (await kubectl(real().cluster, "get", "node", "machine-0", "-o", path)) === "True";
    });
    await until("every pod is ready", 60, async () => (await real().pods()).every(isReady));
    const { failed, total } = await load.stop();
    assert.deepEqual(failed.slice(0, 3), []);
    assert.ok(total > 100, `${total} requests`);
    assert.deepEqual(await restarts(), before);
  });

  it("keeps Prometheus' samples when its pod is deleted", async () => {
    const query = async (text: string) => {
      const answer = await real().get("prometheus-0", 9090, `/api/v1/query?${text}`);
      const { data } = answer as { data: { result: { value: [number, string] }[] } };
      return Number(data.result[0]?.value[1] ?? 0);
    };
    const time = Math.floor(Date.now() / 1000);
    const past = `query=count(up)&time=${time}`;
    const before = await query(past);
    assert.ok(before > 0);
    const pod = async () =>
      (await real().pods()).find(({ metadata }) => metadata.name === "prometheus-0");
    const uid = (await pod())?.metadata.uid;
    await kubectl(real().cluster, "delete", "pod", "-n", "monitoring", "prometheus-0");
    await until("Prometheus runs in another pod", 120, async () => {
      const found = await pod();
      return found !== undefined && found.metadata.uid !== uid && isReady(found);
    });
    assert.equal(await query(past), before);
  });

  it("runs a CronJob of an app", async () => {
    const names = await kubectl(
      real().cluster,
      "get",
      "cronjobs",
      "-n",
      "content-dev",
      "-o",
      "name",
    );
    const [cronjob = ""] = names.trim().split("\n");
    const from = ["create", "job", "by-hand", "-n", "content-dev", `--from=${cronjob}`];
    await kubectl(real().cluster, ...from);
    await until("its Job is complete", 60, async () => {
      const path = "jsonpath={.status.succeeded}";
      const job = ["get", "job", "by-hand", "-n", "content-dev", "-o", path];
      return (await kubectl(real().cluster, ...job)) === "1";
    });
  });
}
