import assert from "node:assert/strict";
import { ensureBinary } from "../../../local/toolchain/install";
import { kubernetes, otherKubernetes } from "../../../local/toolchain/kubernetes";
import type { PlanCluster } from "../../support/plan-cluster";
import { untilEqual } from "../../support/until";

const [, newer] = otherKubernetes;

/** Steps of an upgrade as docs/guides/cluster.md describes them: one machine after the other, the workers last. */
export function upgrade(cluster: () => PlanCluster): void {
  const names = ["control-1", "control-2", "control-3", "worker-1"];
  const versions = "{range .items[*]}{.metadata.name}={.status.nodeInfo.kubeletVersion} {end}";

  it(`are upgraded from Kubernetes ${kubernetes} to ${newer}`, async () => {
    const own = cluster();
    for (const name of ["kubeadm", "kube-apiserver"]) await ensureBinary(name, newer);
    own.plan((given) => {
      given.version = newer;
      for (const name of names) Object.assign(given.machines[name] ?? {}, { version: kubernetes });
    });
    for (const name of names) {
      // What is not upgraded yet stays as it is.
      const waiting = await own.machine(name).script("--check");
      assert.doesNotMatch(waiting.output, /expected kube\w+ /, waiting.output);
      own.plan((given) => delete given.machines[name]?.version);
      const on = name === "control-1" ? "control-2" : "control-1";
      await own.kubectl(
        on,
        ...["drain", name, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=60s"],
      );
      const { code, output } = await own.machine(name).script("upgrade");
      assert.equal(code, 0, output);
      const words = name === "control-1" ? new RegExp(`upgraded to "?v${newer}`) : /upgrade.*node/i;
      assert.match(output, words);
      await own.kubectl(on, "uncordon", name);
      assert.deepEqual(await own.machine(name).script("--check"), {
        code: 0,
        output: `${name} is as described\n`,
      });
      await own.waitForAnswer(60);
    }
    const answer = await own.kubectl("control-3", "get", "--raw", "/version");
    assert.equal((JSON.parse(answer) as { gitVersion: string }).gitVersion, `v${newer}`);
    // Nodes tell their version every ten seconds.
    const told = () => own.kubectl("control-3", "get", "nodes", "-o", `jsonpath=${versions}`);
    await untilEqual(60, told, names.map((name) => `${name}=v${newer} `).join(""));
  });
}
