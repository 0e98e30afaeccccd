import type * as pulumi from "@pulumi/pulumi";
import type { PartContainer } from "../shared/part-container";
import { serviceAccount } from "../shared/service-account";
import {
  csiDriver,
  workloadName,
  type ControllerPorts,
  type DriverArgs,
  type NodePorts,
} from "./driver";
import { controllerClusterRules, controllerRules } from "./rbac";
import { controllerSidecars, driverProbes, nodeSidecars, socket, socketMount } from "./sidecars";
import {
  controllerDeployment,
  hostFolder,
  mountingSecurityContext,
  nodeDaemonSet,
  nodeVolumes,
  podsMount,
} from "./workloads";

/** Ports in the host network, in one table because none may be used twice. */
const ports: { controller: ControllerPorts; node: NodePorts } = {
  controller: { driver: 29652, provisioner: 29654, resizer: 29655, snapshotter: 29656 },
  node: { driver: 29653, registrar: 29657 },
};

const pluginFolder = "csi-nfsplugin";

/**
 * Declares the driver of NFS exports.
 * @returns resources that must exist as long as volumes do.
 */
export function nfsDriver(args: DriverArgs): pulumi.Resource[] {
  return [
    csiDriver("nfs", { attachRequired: false, seLinuxMount: false }, args.part),
    controller(args),
    node(args),
  ];
}

function controller(args: DriverArgs): pulumi.Resource {
  const name = workloadName("nfs", "controller");
  const snapshots = args.snapshots !== undefined;
  const account = serviceAccount(args.part, name, {
    clusterRules: controllerClusterRules({ attaches: false, snapshots }),
    rules: controllerRules,
  });
  return controllerDeployment(
    "nfs",
    {
      account,
      token: true,
      // It mounts the export to create and delete the volumes' folders; servers allow the nodes' addresses.
      network: "host",
      metricsPort: ports.controller.provisioner,
      containers: [
        plugin(ports.controller.driver, args.kubeletDirectory),
        ...controllerSidecars({
          ports: ports.controller,
          // Deleting, archiving and copying large folders takes long.
          timeout: "1200s",
          retryIntervalMax: "30m",
          snapshots,
        }),
      ],
      volumes: [hostFolder("pods", `${args.kubeletDirectory}/pods`)],
      dependsOn: args.snapshots?.definitions ?? [],
    },
    args,
  );
}

function node(args: DriverArgs): pulumi.Resource {
  const name = workloadName("nfs", "node");
  const { kubeletDirectory, part } = args;
  const account = serviceAccount(part, name);
  const registered = `${kubeletDirectory}/plugins/${pluginFolder}/csi.sock`;
  return nodeDaemonSet(
    "nfs",
    {
      account,
      token: false,
      // A mount in the pod's own network would hang after the pod is replaced.
      network: "host",
      metricsPort: ports.node.driver,
      containers: [
        plugin(ports.node.driver, kubeletDirectory),
        ...nodeSidecars(ports.node, registered),
      ],
      volumes: nodeVolumes(kubeletDirectory, pluginFolder),
      dependsOn: [],
    },
    args,
  );
}

function plugin(port: number, kubeletDirectory: string): PartContainer {
  return {
    name: "nfs",
    image: "nfsPlugin",
    args: ["--v=2", "--nodeid=$(NODE_ID)", `--endpoint=unix://${socket}`],
    env: [{ name: "NODE_ID", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    ...driverProbes(port),
    resources: {
      requests: { cpu: "10m", memory: "64Mi" },
      limits: { cpu: "1", memory: "300Mi" },
    },
    securityContext: mountingSecurityContext,
    volumeMounts: [socketMount, podsMount(kubeletDirectory)],
  };
}
