import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { writeAccount } from "../../support/account";

/** Port on which the real Traefik takes requests: what the program itself gives it. */
export const gatewayPort = 8000;

/** Starts the processes that stand for containers: Traefik for Traefik, a small server for an app. */
export class Containers {
  /** What Traefik wrote. */
  readonly gatewayLog: string[] = [];
  /** Address of Traefik's pod. */
  gatewayAddress = "";

  constructor(
    private readonly config: KubeConfig,
    /** Path of Traefik's binary. */
    private readonly traefik: string,
    /** Where Traefik's account is written. */
    private readonly folder: string,
  ) {}

  /** @see StartContainer */
  start = async (pod: V1Pod, address: string): Promise<ChildProcess> =>
    pod.spec?.containers[0]?.image?.includes("traefik") === true
      ? this.startTraefik(pod, address)
      : startApp(pod, address);

  private async startTraefik(pod: V1Pod, address: string): Promise<ChildProcess> {
    this.gatewayAddress = address;
    // On the pod's own address, as all pods of the test share one network.
    const args = (pod.spec?.containers[0]?.args ?? []).map((arg) =>
      arg.replace(/^(--entryPoints\.\w+\.address=):/, `$1${address}:`),
    );
    // It acts as its own service account, so that its role is proved as well.
    const account = { namespace: "gateway", name: "traefik" };
    const KUBECONFIG = await writeAccount(this.config, account, join(this.folder, "traefik"));
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
