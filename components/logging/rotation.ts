import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logKinds } from "../../config/app/template";
import { immutableConfigMap } from "../shared/config-map";
import { scratch, type PartContainer } from "../shared/pod-template";
import { containerSecurityContext } from "../shared/pods";
import { daemonSet } from "../shared/workload";
import { bytesOf } from "../../config";
import { nodeLogs } from "./filebeat-config";
import { nodePodSecurity, type LoggingPart } from "./part";

/** Arguments of {@link rotation}. */
export interface RotationArgs {
  /** Size above which a file is copied and truncated, for example `100Mi`. */
  maximumSize: string;
  /** Days after which a rotated file, or a file of a deleted pod, is deleted. */
  keepDays: number;
  /** Minutes between two runs. */
  intervalMinutes: number;
  /** SELinux type of the pod. Default: the container runtime's. */
  selinuxType?: string;
}

const name = "log-rotation";
const settings = "/etc/log-rotation";
const podsFolder = "/var/log/pods";
const heartbeat = "/tmp/heartbeat";

/**
 * Declares the log daemon of the nodes: it creates the apps' log directories on every node, and rotates their files.
 */
export function rotation(part: LoggingPart, domains: string[], args: RotationArgs): void {
  const files = immutableConfigMap(part, name, {
    data: {
      "rotate.sh": readFileSync(join(__dirname, "rotation", "rotate.sh"), "utf8"),
      domains: domains.map((domain) => `${domain}\n`).join(""),
    },
  });
  daemonSet(part, {
    name,
    user: 0,
    spec: { securityContext: nodePodSecurity(args.selinuxType) },
    containers: [container(part, args)],
    volumes: [
      { name: "files", configMap: { name: files.name } },
      { name: "nodelogs", hostPath: { path: nodeLogs, type: "DirectoryOrCreate" } },
      { name: "pods", hostPath: { path: podsFolder, type: "DirectoryOrCreate" } },
      // The list of files of one run.
      scratch("tmp", "64Mi"),
    ],
    network: {},
    dependsOn: [files.configMap],
    // Two pods must not rotate the same file, so the old DaemonSet is deleted first when the namespace changes.
    options: { deleteBeforeReplace: true },
  });
}

function container(
  { context }: LoggingPart,
  { maximumSize, keepDays, intervalMinutes }: RotationArgs,
): PartContainer {
  const variables = {
    ROOT: nodeLogs,
    ENVIRONMENT: context.environment,
    DOMAINS: `${settings}/domains`,
    KINDS: logKinds.join(" "),
    MAXIMUM_BYTES: bytesOf(maximumSize),
    KEEP_DAYS: keepDays,
    INTERVAL: intervalMinutes * 60,
    PODS: podsFolder,
    HEARTBEAT: heartbeat,
    LIST: "/tmp/list",
  };
  // A run with many files to copy takes long.
  const late = 2 * intervalMinutes + 30;
  const recent = `[ -n "$(find ${heartbeat} -mmin -${late})" ]`;
  return {
    name,
    image: "busybox",
    command: ["sh", `${settings}/rotate.sh`],
    env: Object.entries(variables).map(([variable, value]) => ({
      name: variable,
      value: String(value),
    })),
    startupProbe: {
      exec: { command: ["test", "-e", heartbeat] },
      periodSeconds: 10,
      failureThreshold: late * 6,
    },
    livenessProbe: { exec: { command: ["sh", "-c", recent] }, periodSeconds: 60 },
    readinessProbe: { exec: { command: ["test", "-e", heartbeat] }, periodSeconds: 30 },
    resources: {
      requests: { cpu: "20m", memory: "32Mi" },
      // The page cache of copies counts as the container's memory, and is released under pressure.
      limits: { cpu: "500m", memory: "128Mi" },
    },
    securityContext: {
      ...containerSecurityContext,
      // The files belong to the apps' users, and have any mode.
      capabilities: { ...containerSecurityContext.capabilities, add: ["DAC_OVERRIDE"] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [
      { name: "files", mountPath: settings, readOnly: true },
      { name: "nodelogs", mountPath: nodeLogs },
      { name: "pods", mountPath: podsFolder, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
