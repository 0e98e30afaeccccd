import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, type KubeConfig, type V1Pod, type V1Volume } from "@kubernetes/client-node";
import { writeAccount } from "./account";

/** Files of a pod's main container, in a local folder. */
export interface Mounts {
  /** Returns the local path of a path in the container; a path that is not mounted is unchanged. */
  path: (inContainer: string) => string;
  /** Kubeconfig of the pod's service account. */
  kubeconfig: string;
}

/** Writes a pod's volumes into a folder, like its kubelet. */
export async function mountsOf(config: KubeConfig, pod: V1Pod, folder: string): Promise<Mounts> {
  const core = config.makeApiClient(CoreV1Api);
  const namespace = pod.metadata?.namespace ?? "";
  for (const volume of pod.spec?.volumes ?? []) {
    const own = join(folder, volume.name);
    mkdirSync(own, { recursive: true });
    const files = await filesOf(core, volume, namespace);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(own, name), content);
  }
  const account = { namespace, name: pod.spec?.serviceAccountName ?? "default" };
  const kubeconfig = await writeAccount(config, account, join(folder, "account"));
  const folders = (pod.spec?.containers[0]?.volumeMounts ?? []).map(
    ({ mountPath, name }): [string, string] => [
      mountPath,
      mountPath === accountPath ? join(folder, "account") : join(folder, name),
    ],
  );
  const path = (text: string): string => {
    const found = folders.find(([at]) => text === at || text.startsWith(`${at}/`));
    return found === undefined ? text : `${found[1]}${text.slice(found[0].length)}`;
  };
  return { path, kubeconfig };
}

/** Path of the service account in a container. */
const accountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Returns the files of a ConfigMap or a Secret; none for other volumes. */
async function filesOf(
  core: CoreV1Api,
  { configMap, secret }: V1Volume,
  namespace: string,
): Promise<Record<string, string | Buffer>> {
  if (configMap?.name !== undefined) {
    const { data } = await core.readNamespacedConfigMap({ name: configMap.name, namespace });
    return data ?? {};
  }
  if (secret?.secretName !== undefined) {
    const name = secret.secretName;
    const { data } = await core.readNamespacedSecret({ name, namespace });
    return Object.fromEntries(
      Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64")]),
    );
  }
  return {};
}
