import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import {
  clusterAt,
  clusterStatus,
  startCluster,
  stopCluster,
  type Cluster,
} from "../../local/cluster";
import { partPid, simulatorPid } from "../../local/cluster/paths";
import { isRunning } from "../../local/cluster/process";
import { actOn, scalingApis, type ScaledObject } from "../../local/cluster/simulator/keda";
import { binary } from "../../local/toolchain/install";
import { killApiServer } from "../support/control-plane";
import { failedWith } from "../support/results";
import { until } from "../support/until";

/** Timeout of simulated controllers, milliseconds. */
const timeoutMs = 60_000;

const objects = `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: at-once}
provisioner: example.com/x
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: with-pod}
provisioner: example.com/x
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: at-once}
spec: {storageClassName: at-once, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: with-pod}
spec: {storageClassName: with-pod, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: consumer}
spec:
  containers: [{name: main, image: "example.com/x:1", volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: with-pod}}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "example.com/x:1"}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: entrance}
spec: {type: LoadBalancer, ports: [{port: 80}]}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: login}
spec:
  secretStoreRef: {name: vault, kind: ClusterSecretStore}
  target: {name: login-1, immutable: true}
  data: [{secretKey: password, remoteRef: {key: shop/login}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: queue}
spec:
  selector: {matchLabels: {app: queue}}
  template:
    metadata: {labels: {app: queue}}
    spec: {containers: [{name: main, image: "example.com/x:1"}]}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: queue}
spec:
  scaleTargetRef: {name: queue}
  minReplicaCount: 3
  maxReplicaCount: 5
  triggers: [{type: prometheus, metadata: {serverAddress: "http://x", query: "1", threshold: "1"}}]
`;

describe("a local cluster", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ name: "drivers", keda: true });
    const file = join(cluster.folder, "objects.yaml");
    writeFileSync(file, objects);
    kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    // The controller manager creates the account that pods get some time after its start.
    kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=120s");
    kubectl("apply", "-f", file);
  });
  after(async () => {
    await stopCluster("drivers");
    await stopCluster("drivers-2");
  });

  function kubectl(...args: string[]): string {
    const all = ["--kubeconfig", cluster.kubeconfig, ...args];
    const { status, stdout, stderr } = spawnSync(binary("kubectl"), all, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  async function becomes(object: string, path: string, wanted: RegExp): Promise<void> {
    const end = Date.now() + timeoutMs;
    let found = "";
    while (!wanted.test(found) && Date.now() < end) {
      found = kubectl("get", object, "-o", `jsonpath={${path}}`);
      await sleep(300);
    }
    assert.match(found, wanted, object);
  }

  it("binds claims, at once or with their first pod", async () => {
    await becomes("pvc/at-once", ".status.phase", /^Bound$/);
    await becomes("pvc/with-pod", ".status.phase", /^Bound$/);
    await becomes("pod/consumer", ".status.phase", /^Running$/);
  });

  it("deletes the volume of a claim that was deleted while its driver was not running", async () => {
    const file = join(cluster.folder, "away.yaml");
    const claim = objects.split("---\n").find((text) => text.includes("PersistentVolumeClaim"));
    writeFileSync(file, claim?.replace("name: at-once", "name: away") ?? "");
    kubectl("apply", "-f", file);
    await becomes("pvc/away", ".status.phase", /^Bound$/);
    const volume = kubectl("get", "pvc/away", "-o", "jsonpath={.spec.volumeName}");
    process.kill(Number(readFileSync(simulatorPid(cluster), "utf8")), "SIGKILL");
    kubectl("delete", "pvc/away");
    await becomes(`pv/${volume}`, ".status.phase", /^(Released|Failed)$/);
    // The time that the controller manager needs to try to delete it itself.
    await sleep(3000);
    await startCluster({ name: "drivers", keda: true });
    kubectl("wait", "--for=delete", `pv/${volume}`, "--timeout=60s");
  });

  it("has controllers that do not end on a busy machine, because they need no lease", () => {
    const leases = kubectl("get", "leases", "-n", "kube-system", "-o", "name");
    assert.doesNotMatch(leases, /kube-(controller-manager|scheduler)/);
  });

  it("creates the Secrets of ExternalSecrets", async () => {
    await becomes(
      "externalsecret/login",
      '.status.conditions[?(@.type=="Ready")].status',
      /^True$/,
    );
    const made = kubectl("get", "secret/login-1", "-o", "jsonpath={.immutable} {.data.password}");
    assert.equal(made, `true ${Buffer.from("simulated").toString("base64")}`);
  });

  it("keeps the Deployment of a ScaledObject between its bounds, and removes the object's finalizer", async () => {
    await becomes("deployment/queue", ".spec.replicas", /^3$/);
    kubectl(
      "patch",
      "scaledobject/queue",
      "--type=merge",
      "-p",
      '{"spec":{"maxReplicaCount":2,"minReplicaCount":1}}',
    );
    await becomes("deployment/queue", ".spec.replicas", /^2$/);
    await becomes("scaledobject/queue", ".metadata.finalizers", /finalizer\.keda\.sh/);
    kubectl("delete", "scaledobject/queue", "--timeout=60s");
  });

  it("does not change a ScaledObject that is deleted after it was read", async () => {
    const patch = (finalizers: string[]) => [
      ...["patch", "scaledobject/kept", "--type=merge", "-p"],
      JSON.stringify({ metadata: { finalizers } }),
    ];
    const file = join(cluster.folder, "kept.yaml");
    writeFileSync(file, objects.split("---\n").at(-1)?.replace("queue}", "kept}") ?? "");
    kubectl("apply", "-f", file);
    kubectl(...patch(["example.com/keep"]));
    const read = JSON.parse(kubectl("get", "scaledobject/kept", "-o", "json")) as ScaledObject;
    kubectl("delete", "scaledobject/kept", "--wait=false");
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    const before = { ...read.metadata, finalizers: ["example.com/keep"] };
    await actOn(scalingApis(config), { ...read, metadata: before });
    kubectl(...patch([]));
    kubectl("wait", "--for=delete", "scaledobject/kept", "--timeout=60s");
  });

  it("completes Jobs", () => becomes("job/once", ".status.succeeded", /^1$/));

  it("gives load balancers an address", () =>
    becomes("service/entrance", ".status.loadBalancer.ingress[0].ip", /^192\.0\.2\.\d+$/));

  it("rejects unauthenticated users", async () => {
    const path = "jsonpath={.clusters[0].cluster.server}";
    const server = kubectl("config", "view", "--minify", "-o", path);
    const all = ["--server", server, "--insecure-skip-tls-verify", "get", "secrets"];
    const { status, stderr } = spawnSync(binary("kubectl"), [
      "--kubeconfig",
      "/dev/null",
      "--username",
      "x",
      "--password",
      "y",
      ...all,
    ]);
    failedWith({ code: status, output: String(stderr) }, /Unauthorized|provide credentials/);
  });

  it("restarts after a power failure, whatever the state of its nodes", async () => {
    // Like the controller manager for nodes without recent heartbeats.
    const taint = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
    const patch = JSON.stringify({ spec: { taints: [taint] } });
    const manager = "--field-manager=kube-controller-manager";
    kubectl("patch", "node", "node-0", manager, "-p", patch);
    await killApiServer(cluster);
    await startCluster({ name: "drivers", keda: true });
    assert.ok(Object.values(clusterStatus("drivers")).every(Boolean));
    await becomes("node/node-0", ".status.conditions[?(@.type=='Ready')].status", /^True$/);
  });

  it("runs next to another one, starts although its controller manager ends before the API server is ready, and leaves nothing behind when it is stopped", async () => {
    const manager = partPid(clusterAt("drivers-2"), "kube-controller-manager");
    const starting = startCluster({ name: "drivers-2" });
    await until("the controller manager runs", 60, () => isRunning(manager), 20);
    process.kill(Number(readFileSync(manager, "utf8")), "SIGKILL");
    const other = await starting;
    assert.ok(Object.values(clusterStatus("drivers")).every(Boolean));
    assert.ok(Object.values(clusterStatus("drivers-2")).every(Boolean));
    await stopCluster("drivers-2");
    assert.equal(existsSync(other.folder), false);
    assert.ok(Object.values(clusterStatus("drivers-2")).every((runs) => !runs));
    assert.ok(Object.values(clusterStatus("drivers")).every(Boolean));
  });
});
