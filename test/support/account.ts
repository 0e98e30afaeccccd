import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { until } from "./until";

/** Lifetime of a token, seconds. */
const validity = 3600;

/**
 * Writes the service account files of a pod, `ca.crt`, `namespace` and `token`, and an equivalent `kubeconfig`, because
 * a process on this machine cannot reach the API server in another way.
 * @returns path of that kubeconfig.
 */
export async function writeAccount(
  config: KubeConfig,
  account: { namespace: string; name: string },
  folder: string,
): Promise<string> {
  const core = config.makeApiClient(CoreV1Api);
  const { namespace, name } = account;
  const { status } = await core.createNamespacedServiceAccountToken({
    name,
    namespace,
    body: { spec: { audiences: [], expirationSeconds: validity } },
  });
  const data = await authorityOf(core, namespace);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string): string => {
    const path = join(folder, file);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const tokenFile = write("token", status?.token ?? "");
  const authority = write("ca.crt", data["ca.crt"] ?? "");
  write("namespace", namespace);
  const server = config.getCurrentCluster()?.server;
  const document = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: "cluster", user: name } }],
    clusters: [{ name: "cluster", cluster: { server, "certificate-authority": authority } }],
    users: [{ name, user: { tokenFile } }],
  };
  return write("kubeconfig", JSON.stringify(document));
}

/** Returns the content of the ConfigMap that the controller manager makes a moment after the namespace. */
async function authorityOf(core: CoreV1Api, namespace: string): Promise<Record<string, string>> {
  const read = () => core.readNamespacedConfigMap({ name: "kube-root-ca.crt", namespace });
  const isMade = () =>
    read().then(
      () => true,
      (error: { code?: number }) => {
        if (error.code !== 404) throw error;
        return false;
      },
    );
  await until(`namespace ${namespace} has the API server's certificate authority`, 60, isMade);
  return (await read()).data ?? {};
}
