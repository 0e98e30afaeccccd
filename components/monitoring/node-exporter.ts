import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../../config";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { priority, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, runsAs, scraped, withoutApiAccess } from "../shared/pods";

/** Arguments of {@link nodeExporter}. */
export interface NodeExporterArgs {
  namespace: pulumi.Input<string>;
  resources: Resources;
  imageMirror?: string;
  placement?: PlacementRules;
}

const name = "node-exporter";
const labels = objectLabels(name, "monitoring");
const selector = selectorLabels(name);
const port = 9100;

/** What containers bring with them: their file systems and network devices come and go, and cAdvisor tells of them. */
const ignored = {
  mountPoints:
    "^/(dev|proc|sys|run/(containerd|k3s/containerd|credentials)/.+|var/lib/(containerd|docker|kubelet/(pods|plugins))/.+)($|/)",
  fileSystems:
    "^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|erofs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tmpfs|tracefs)$",
  devices: "^(cali|cilium_|flannel|genev|kube-|lxc|nodelocaldns|tap|veth|[a-f0-9]{15}).*$",
};

/** node-exporter: the state of every machine, whatever else may run there. */
export function nodeExporter(args: NodeExporterArgs, parent: pulumi.Resource): void {
  const { namespace } = args;
  new k8s.apps.v1.DaemonSet(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: selector },
        // A missing measurement hurts nobody, and 400 machines one after the other take hours.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        template: {
          metadata: {
            labels: { ...labels, ...selector },
            annotations: scraped(port),
          },
          spec: podSpec(args),
        },
      },
    },
    { parent },
  );
}

function podSpec(args: NodeExporterArgs): k8s.types.input.core.v1.PodSpec {
  return {
    ...withoutApiAccess,
    // The machine's own devices and processes are to be counted, not a pod's.
    hostNetwork: true,
    hostPID: true,
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ operator: "Exists" }],
    securityContext: runsAs(65_534),
    ...priority("platform", args.placement),
    containers: [container(args)],
    volumes: [
      { name: "proc", hostPath: { path: "/proc" } },
      { name: "sys", hostPath: { path: "/sys" } },
      { name: "root", hostPath: { path: "/" } },
    ],
  };
}

function container({
  resources,
  imageMirror,
}: NodeExporterArgs): k8s.types.input.core.v1.Container {
  // A page of its own that needs no collector; a slow disk must not end the pod.
  const probe = { httpGet: { path: "/", port: "metrics" } };
  const mount = (volume: string) => ({
    name: volume,
    mountPath: `/host/${volume}`,
    mountPropagation: "HostToContainer",
    readOnly: true,
  });
  return {
    name,
    image: imageReference(images.nodeExporter, imageMirror),
    args: [
      `--web.listen-address=[$(HOST_IP)]:${port}`,
      "--path.procfs=/host/proc",
      "--path.sysfs=/host/sys",
      "--path.rootfs=/host/root",
      "--path.udev.data=/host/root/run/udev/data",
      "--no-collector.wifi",
      "--no-collector.hwmon",
      "--no-collector.btrfs",
      `--collector.filesystem.mount-points-exclude=${ignored.mountPoints}`,
      `--collector.filesystem.fs-types-exclude=${ignored.fileSystems}`,
      `--collector.netclass.ignored-devices=${ignored.devices}`,
      `--collector.netdev.device-exclude=${ignored.devices}`,
    ],
    env: [{ name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } }],
    ports: [{ name: "metrics", containerPort: port, hostPort: port }],
    livenessProbe: { ...probe, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    readinessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    resources,
    securityContext: {
      ...containerSecurityContext,
      // The runtime's seccomp profile lets a pod ask for the clock's state only with this one.
      capabilities: { ...containerSecurityContext.capabilities, add: ["SYS_TIME"] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: ["proc", "sys", "root"].map(mount),
  };
}
