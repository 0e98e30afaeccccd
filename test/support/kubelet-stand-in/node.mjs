import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { nodeApi } from "./identity.mjs";
import { Refused } from "./api.mjs";

const flags = "/var/lib/kubelet/kubeadm-flags.env";
const patch = "application/strategic-merge-patch+json";
const node = hostname();
let beaten = 0;
let isRegistered = false;

/** Restarts, as the kubelet does after its configuration was removed: it registers its node only when it starts. */
export function restart() {
  isRegistered = false;
}

/** Registers the node once, reports every 10 s that it is alive, as the kubelet does, and reconciles its pods. */
export async function beat(running, packages) {
  const api = nodeApi();
  if (api === undefined) return;
  const path = `/api/v1/nodes/${node}`;
  let found = await existing(api, path);
  if (found === undefined && isRegistered) return;
  if (!isRegistered) {
    found ??= await api.call("POST", "/api/v1/nodes", registered());
    isRegistered = true;
    beaten = 0;
  }
  if (Date.now() - beaten >= 10_000) {
    await renew(api);
    await api.call("PATCH", `${path}/status`, { status: status(packages) }, patch);
    beaten = Date.now();
  }
  await reconcile(api, found.metadata.uid, running);
}

async function existing(api, path) {
  try {
    return await api.call("GET", path);
  } catch (error) {
    if (error instanceof Refused && error.code === 404) return undefined;
    throw error;
  }
}

/** Returns the node that the flags of kubeadm describe. */
function registered() {
  const text = existsSync(flags) ? readFileSync(flags, "utf8") : "";
  const of = (flag) => new RegExp(`--${flag}=([^\\s"]+)`).exec(text)?.[1] ?? "";
  const list = (flag) => of(flag).split(",").filter(Boolean);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node,
      labels: {
        "kubernetes.io/hostname": node,
        "kubernetes.io/os": "linux",
        ...Object.fromEntries(list("node-labels").map((label) => label.split("="))),
      },
    },
    spec: {
      taints: list("register-with-taints").map((taint) => {
        const [, key, value = "", effect] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(taint);
        return { key, value, effect };
      }),
    },
  };
}

function status(packages) {
  const now = new Date().toISOString();
  const version = /^kubelet (\d+\.\d+\.\d+)/gm;
  const installed = [...readFileSync(packages, "utf8").matchAll(version)].at(-1)?.[1] ?? "";
  const address = /--node-ip=([\d.]+)/.exec(readFileSync(flags, "utf8"))?.[1];
  return {
    addresses: [
      { type: "InternalIP", address },
      { type: "Hostname", address: node },
    ],
    capacity: { cpu: "2", memory: "4Gi", pods: "110" },
    allocatable: { cpu: "2", memory: "4Gi", pods: "110" },
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "StandIn",
        message: "a stand-in for the kubelet runs",
        lastHeartbeatTime: now,
      },
    ],
    nodeInfo: {
      kubeletVersion: `v${installed}`,
      kubeProxyVersion: "",
      architecture: "amd64",
      bootID: "",
      containerRuntimeVersion: "stand-in://0",
      kernelVersion: "",
      machineID: "",
      operatingSystem: "linux",
      osImage: "",
      systemUUID: "",
    },
  };
}

async function renew(api) {
  const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  const renewTime = new Date().toISOString().replace("Z", "000Z");
  const spec = { holderIdentity: node, leaseDurationSeconds: 40, renewTime };
  if ((await existing(api, `${leases}/${node}`)) === undefined) {
    const metadata = { name: node };
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
    await api.call("POST", leases, lease);
  } else await api.call("PATCH", `${leases}/${node}`, { spec }, "application/merge-patch+json");
}

const pods = "/api/v1/namespaces/kube-system/pods";
const hashOf = ({ metadata }) => metadata.annotations?.["kubernetes.io/config.hash"];
const isMirror = ({ metadata }) =>
  metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;

/** Maintains one mirror pod for each static pod that runs, and completes the deletion of other pods. */
async function reconcile(api, uid, running) {
  const { items } = await api.call("GET", `/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`);
  const wanted = new Map(running.map(({ pod, hash }) => [`${pod.metadata.name}-${node}`, hash]));
  const keeps = (pod) =>
    isMirror(pod)
      ? wanted.get(pod.metadata.name) === hashOf(pod) && !pod.metadata.deletionTimestamp
      : !pod.metadata.deletionTimestamp;
  for (const pod of items.filter((it) => !keeps(it))) {
    const { namespace, name } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`;
    await api.call("DELETE", path);
  }
  const kept = new Set(items.filter(keeps).map(({ metadata }) => metadata.name));
  for (const { pod, hash } of running) {
    const name = `${pod.metadata.name}-${node}`;
    if (kept.has(name)) continue;
    await api.call("POST", pods, mirror(pod, name, hash, uid));
    const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
    await api.call("PATCH", `${pods}/${name}/status`, { status: ready }, patch);
  }
}

function mirror(pod, name, hash, uid) {
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      name,
      annotations: {
        ...pod.metadata.annotations,
        "kubernetes.io/config.hash": hash,
        "kubernetes.io/config.mirror": hash,
        "kubernetes.io/config.source": "file",
      },
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name: node, uid, controller: true }],
    },
    spec: {
      ...pod.spec,
      nodeName: node,
      tolerations: [{ operator: "Exists", effect: "NoExecute" }],
    },
  };
}
