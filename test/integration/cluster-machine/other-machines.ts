import assert from "node:assert/strict";
import { join } from "node:path";
import { binary } from "../../../local/toolchain/install";
import type { PlanMachine } from "../../support/plan-machine";

/** The first machine of a cluster. */
interface Running {
  /** Has the plan. */
  folder: string;
  machine: PlanMachine;
  /** Runs kubectl as an administrator, and returns its output. */
  kubectl: (...args: string[]) => Promise<string>;
}

/** Tests what the first machine does for others that join its cluster. */
export function otherMachines(running: () => Running): void {
  it("approves certificates of the plan's kubelets only", async () => {
    const { kubectl, machine } = running();
    const ask = async (request: string, node: string, address: string) => {
      const name = `/O=system:nodes/CN=system:node:${node}`;
      await machine.shell(
        `openssl req -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout /root/key -subj ${name} -addext subjectAltName=DNS:${node},IP:${address} -out /root/csr 2>/root/log`,
      );
      const csr = await machine.mustRun("base64", "-w", "0", "/root/csr");
      const object = {
        apiVersion: "certificates.k8s.io/v1",
        kind: "CertificateSigningRequest",
        metadata: { name: request },
        spec: {
          request: csr,
          signerName: "kubernetes.io/kubelet-serving",
          usages: ["digital signature", "server auth"],
        },
      };
      await machine.shell(`echo '${JSON.stringify(object)}' >/root/csr.json`);
      const as = [
        `--as=system:node:${node}`,
        "--as-group=system:nodes",
        "--as-group=system:authenticated",
      ];
      await kubectl(...as, "create", "-f", "/root/csr.json");
    };
    await ask("good", "worker-1", "10.20.0.31");
    await ask("elsewhere", "worker-2", "10.20.0.99");
    await ask("stranger", "worker-9", "10.20.0.39");
    const output = await machine.mustRun("/usr/local/sbin/approve-kubelets");
    assert.match(output, /good approved/);
    assert.match(
      output,
      /elsewhere: expected worker-2 and 10\.20\.0\.32, got DNS:worker-2 IP Address:10\.20\.0\.99/,
    );
    assert.match(output, /stranger: system:node:worker-9 is not a node of this cluster's plan/);
    const open = "{range .items[?(@.status.conditions[0].type=='Approved')]}{.metadata.name} {end}";
    assert.equal(await kubectl("get", "csr", "-o", `jsonpath=${open}`), "good ");
  });

  it("writes bundles with which another machine finds the cluster", async () => {
    const { folder, machine } = running();
    const script = join(folder, "plan/control-1/machine.sh");
    const list = (role: string) =>
      machine.shell(`sh ${script} bundle ${role} | tar -t | grep -v '/$'`);
    assert.equal(await list("worker"), "etc/kubernetes/discovery.conf\n");
    assert.deepEqual((await list("control-plane")).trim().split("\n").sort(), [
      "etc/kubernetes/discovery.conf",
      "etc/kubernetes/encryption/secrets.yaml",
      "etc/kubernetes/pki/ca.crt",
      "etc/kubernetes/pki/ca.key",
      "etc/kubernetes/pki/etcd/ca.crt",
      "etc/kubernetes/pki/etcd/ca.key",
      "etc/kubernetes/pki/front-proxy-ca.crt",
      "etc/kubernetes/pki/front-proxy-ca.key",
      "etc/kubernetes/pki/sa.key",
      "etc/kubernetes/pki/sa.pub",
    ]);
    // The first phase of a join reads the cluster's configuration with the bundle's token, through HAProxy.
    await machine.shell(`sh ${script} bundle worker | tar -xpf - -C /`);
    const config = join(folder, "plan/worker-1/files/etc/kubernetes/kubeadm-join.yaml");
    const { code, output } = await machine.run(
      binary("kubeadm"),
      ...[
        "join",
        "phase",
        "preflight",
        "--config",
        config,
        "--ignore-preflight-errors=all",
        "--v=1",
      ],
    );
    assert.equal(code, 0, output);
    assert.match(output, /Reading configuration from the "kubeadm-config" ConfigMap/);
    await machine.mustRun("rm", "/etc/kubernetes/discovery.conf");
  });
}
