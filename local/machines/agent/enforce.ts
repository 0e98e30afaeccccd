import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  KubeConfig,
  makeInformer,
  NetworkingV1Api,
  type KubernetesListObject,
  type KubernetesObject,
  type V1Namespace,
  type V1NetworkPolicy,
  type V1Pod,
} from "@kubernetes/client-node";
import { systemRoot, runWithInput } from "../system";
import { ruleset } from "./policies";

/** Pause before a broken watch is restarted, and time in which changes are collected, milliseconds. */
const [pause, gathering] = [1000, 100];

/** Applies the network policies of a cluster on its real nodes. */
export function enforcePolicies(kubeconfig: string, folder: string): void {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const networking = config.makeApiClient(NetworkingV1Api);
  const pods = new Map<string, V1Pod>();
  const namespaces = new Map<string, V1Namespace>();
  const policies = new Map<string, V1NetworkPolicy>();
  const lists = { pods: false, namespaces: false, policies: false };
  const applied = new Map<string, string>();
  let due = false;
  const change = () => {
    // Rules from an incomplete list would deny allowed connections.
    if (due || !Object.values(lists).every(Boolean)) return;
    due = true;
    setTimeout(() => {
      due = false;
      const text = ruleset({
        pods: [...pods.values()],
        namespaces: [...namespaces.values()],
        policies: [...policies.values()],
      });
      apply(folder, text, applied).catch((error: unknown) => {
        console.error("network policies:", error);
        setTimeout(change, pause);
      });
    }, gathering);
  };
  const keep = <T extends KubernetesObject>(
    into: Map<string, T>,
    path: string,
    list: () => Promise<KubernetesListObject<T>>,
    name: keyof typeof lists,
  ) => {
    follow(
      config,
      path,
      list,
      into,
      () => change(),
      () => (lists[name] = true),
    );
  };
  keep(pods, "/api/v1/pods", () => core.listPodForAllNamespaces(), "pods");
  keep(namespaces, "/api/v1/namespaces", () => core.listNamespace(), "namespaces");
  keep(
    policies,
    "/apis/networking.k8s.io/v1/networkpolicies",
    () => networking.listNetworkPolicyForAllNamespaces(),
    "policies",
  );
  // A node that starts has no rules yet.
  setInterval(change, pause * 2);
}

/** Updates the rules of every node that has others. */
async function apply(folder: string, text: string, applied: Map<string, string>): Promise<void> {
  const { folder: system } = await systemRoot();
  for (const name of readdirSync(folder)) {
    const file = join(folder, name, "node.pid");
    if (!existsSync(file)) continue;
    const pid = readFileSync(file, "utf8");
    if (!existsSync(`/proc/${pid}`) || applied.get(pid) === text) continue;
    const args = [`--net=/proc/${pid}/ns/net`, "chroot", system, "/usr/sbin/nft", "-f", "-"];
    await runWithInput("nsenter", args, text);
    applied.set(pid, text);
  }
}

function follow<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  list: () => Promise<KubernetesListObject<T>>,
  into: Map<string, T>,
  change: () => void,
  listed: () => void,
): void {
  const informer = makeInformer<T>(config, path, async () => {
    const found = await list();
    listed();
    return found;
  });
  const key = ({ metadata }: T) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
  const take = (object: T) => {
    into.set(key(object), object);
    change();
  };
  informer.on("add", take);
  informer.on("update", take);
  informer.on("delete", (object: T) => {
    into.delete(key(object));
    change();
  });
  const start = async (): Promise<void> => {
    try {
      await informer.start();
      change();
    } catch {
      await sleep(pause);
      await start();
    }
  };
  informer.on("error", () => void sleep(pause).then(start));
  void start();
}
