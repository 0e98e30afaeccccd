import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logKinds } from "../../config/app/template";
import { immutableConfigMap } from "../shared/config-map";
import { objectLabels } from "../shared/labels";
import { scratch, type PartContainer } from "../shared/pod-template";
import { containerSecurityContext } from "../shared/pods";
import { daemonSet } from "../shared/workload";
import { nodeLogs } from "./filebeat-config";
import { nodePodSecurity, type Place } from "./place";

/** Arguments of {@link rotation}. */
export interface RotationArgs {
  /** Size above which a file is copied away and emptied, for example `100Mi`. */
  maximumSize: string;
  /** Days after which a rotated file, or a file of a pod that is gone, is deleted. */
  keepDays: number;
  /** Minutes between two rounds. */
  intervalMinutes: number;
  /** SELinux type of the pod; the container runtime's own without it. */
  selinuxType?: string;
}

const name = "log-rotation";
const settings = "/etc/log-rotation";
const podsFolder = "/var/log/pods";
const heartbeat = "/tmp/heartbeat";

/** The node's log daemon: makes the apps' log directories on every machine, and rotates what is in them. */
export function rotation(place: Place, domains: string[], args: RotationArgs): void {
  const { namespace, parent } = place;
  const files = immutableConfigMap(
    name,
    {
      namespace,
      labels: objectLabels(name, place.name),
      data: {
        "rotate.sh": readFileSync(join(__dirname, "rotation", "rotate.sh"), "utf8"),
        domains: domains.map((domain) => `${domain}\n`).join(""),
      },
    },
    parent,
  );
  daemonSet(place, {
    name,
    user: 0,
    spec: { securityContext: nodePodSecurity(args.selinuxType) },
    containers: [container(place, args)],
    volumes: [
      { name: "files", configMap: { name: files.name } },
      { name: "nodelogs", hostPath: { path: nodeLogs, type: "DirectoryOrCreate" } },
      { name: "pods", hostPath: { path: podsFolder, type: "DirectoryOrCreate" } },
      // The list of files of one round.
      scratch("tmp", "64Mi"),
    ],
    network: {},
    dependsOn: [files.configMap],
    // Two would rotate one file twice: the old one goes first when the namespace changes.
    options: { deleteBeforeReplace: true },
  });
}

const units = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** A size such as `100Mi` in bytes. */
export function bytesOf(size: string): number {
  return Number(size.slice(0, -2)) * units[size.slice(-2) as keyof typeof units];
}

function container(
  { context }: Place,
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
  // A round may take long when many files are copied.
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
      // Copied pages count as the container's cache, and are given back under pressure.
      limits: { cpu: "500m", memory: "128Mi" },
    },
    securityContext: {
      ...containerSecurityContext,
      // The files belong to the apps' users, and their modes are the apps' choice.
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
