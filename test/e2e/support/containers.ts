import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { writeAccount } from "../../support/account";

/** Port of the real Traefik, as the program declares it. */
export const gatewayPort = 8000;

/** Starts the processes of containers: the real Traefik, and a small server for an app. */
export class Containers {
  /** Traefik's log. */
  readonly gatewayLog: string[] = [];
  /** Address of Traefik's pod. */
  gatewayAddress = "";
  /** Kubeconfig with Traefik's service account. */
  gatewayKubeconfig = "";

  constructor(
    private readonly config: KubeConfig,
    /** Path of Traefik's binary. */
    private readonly traefik: string,
    /** Folder for Traefik's service account. */
    private readonly folder: string,
  ) {}

  /** @see StartContainer */
  start = async (pod: V1Pod, address: string): Promise<ChildProcess> =>
    pod.spec?.containers[0]?.image?.includes("traefik") === true
      ? this.startTraefik(pod, address)
      : startApp(pod, address);

  private async startTraefik(pod: V1Pod, address: string): Promise<ChildProcess> {
    this.gatewayAddress = address;
    // Listens on the pod's own address, because all pods of the test share one network namespace.
    const args = (pod.spec?.containers[0]?.args ?? []).map((arg) =>
      arg.replace(/^(--entryPoints\.\w+\.address=):/, `$1${address}:`),
    );
    // It uses its own service account, which tests its role.
    const account = { namespace: "gateway", name: "traefik" };
    const KUBECONFIG = await writeAccount(this.config, account, join(this.folder, "traefik"));
    this.gatewayKubeconfig = KUBECONFIG;
    const child = spawn(this.traefik, args, {
      env: { ...process.env, KUBECONFIG },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        this.gatewayLog.push(data.toString());
        if (this.gatewayLog.length > 1000) this.gatewayLog.shift();
      });
    }
    return child;
  }
}

function startApp(pod: V1Pod, address: string): ChildProcess {
  const [container] = pod.spec?.containers ?? [];
  const version = container?.image?.split(":").pop() ?? "unknown";
  const port = container?.ports?.[0]?.containerPort ?? 8080;
  const own = (container?.env ?? []).flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, value]],
  );
  return spawn(
    process.execPath,
    [join(__dirname, "app-server.mjs"), address, String(port), version],
    { env: { ...process.env, ...Object.fromEntries(own) }, stdio: "inherit" },
  );
}
