import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PartContainer } from "../../shared/pod-template";

/** Chats whose robots expect their own format, which Alertmanager does not support. */
export type Chat = "dingtalk" | "wecom" | "feishu";

/** Port of the relay, on the loopback address of the pod. */
export const relayPort = 9095;

const folder = "/etc/alertmanager/relay";

/** Name of the volume with the relay's script. */
export const relayVolume = "relay";

/** Returns the script, as a file of a ConfigMap. */
export function relayFiles(): Record<string, string> {
  return { "relay.mjs": readFileSync(join(__dirname, "relay.mjs"), "utf8") };
}

/** Returns the URL to which Alertmanager sends the messages of one receiver. */
export function relayUrl(chat: Chat, file: string): string {
  return `http://127.0.0.1:${relayPort}/${chat}/${file}`;
}

/**
 * Returns the container that forwards messages to chats. It runs next to Alertmanager, and only Alertmanager
 * can reach it.
 * @param credentials folder with the chats' URLs and secrets.
 */
export function relayContainer(credentials: string): PartContainer {
  const healthy = {
    exec: {
      command: [
        "node",
        "-e",
        `fetch("http://127.0.0.1:${relayPort}/healthy").then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`,
      ],
    },
    timeoutSeconds: 5,
  };
  return {
    name: "relay",
    image: "node",
    command: ["node"],
    args: [`${folder}/relay.mjs`, credentials, String(relayPort)],
    livenessProbe: { ...healthy, periodSeconds: 30, failureThreshold: 6 },
    readinessProbe: { ...healthy, periodSeconds: 10, failureThreshold: 3 },
    resources: {
      requests: { cpu: "10m", memory: "48Mi" },
      limits: { cpu: "200m", memory: "128Mi" },
    },
    volumeMounts: [
      { name: relayVolume, mountPath: folder, readOnly: true },
      { name: "credentials", mountPath: credentials, readOnly: true },
    ],
  };
}
