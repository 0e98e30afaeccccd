import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerDisk } from "../shared/ephemeral-storage";
import { imageReference, images } from "../../versions/images";
import { serviceAccount } from "../shared/service-account";
import {
  csiDriver,
  workloadNames,
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
export function nfsDriver(args: DriverArgs, parent: pulumi.Resource): pulumi.Resource[] {
  return [
    csiDriver("nfs", { attachRequired: false, seLinuxMount: false }, parent),
    controller(args, parent),
    node(args, parent),
  ];
}

function controller(args: DriverArgs, parent: pulumi.Resource): pulumi.Resource {
  const { name, labels } = workloadNames("nfs", "controller");
  const snapshots = args.snapshots !== undefined;
  const account = serviceAccount(
    name,
    {
      namespace: args.namespace,
      labels,
      clusterRules: controllerClusterRules({ attaches: false, snapshots }),
      rules: controllerRules,
    },
    parent,
  );
  return controllerDeployment(
    "nfs",
    {
      account,
      token: true,
      // It mounts the export to create and delete the volumes' folders; servers allow the nodes' addresses.
      hostNetwork: true,
      metricsPort: ports.controller.provisioner,
      containers: [
        plugin(ports.controller.driver, args),
        ...controllerSidecars({
          ports: ports.controller,
          // Deleting, archiving and copying large folders takes long.
          timeout: "1200s",
          retryIntervalMax: "30m",
          snapshots,
          context: args.part.context,
        }),
      ],
      volumes: [hostFolder("pods", `${args.kubeletDirectory}/pods`)],
      dependsOn: args.snapshots?.definitions ?? [],
    },
    args,
    parent,
  );
}

function node(args: DriverArgs, parent: pulumi.Resource): pulumi.Resource {
  const { name, labels } = workloadNames("nfs", "node");
  const account = serviceAccount(name, { namespace: args.namespace, labels }, parent);
  const { kubeletDirectory, part } = args;
  const registered = `${kubeletDirectory}/plugins/${pluginFolder}/csi.sock`;
  return nodeDaemonSet(
    "nfs",
    {
      account,
      token: false,
      // A mount in the pod's own network would hang after the pod is replaced.
      hostNetwork: true,
      metricsPort: ports.node.driver,
      containers: [
        plugin(ports.node.driver, args),
        ...nodeSidecars(ports.node, registered, part.context),
      ],
      volumes: nodeVolumes(kubeletDirectory, pluginFolder),
      dependsOn: [],
    },
    args,
    parent,
  );
}

function plugin(
  port: number,
  { kubeletDirectory, part }: DriverArgs,
): k8s.types.input.core.v1.Container {
  return {
    name: "nfs",
    image: imageReference(images.nfsPlugin, part.context.imageMirror),
    args: ["--v=2", "--nodeid=$(NODE_ID)", `--endpoint=unix://${socket}`],
    env: [{ name: "NODE_ID", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    ...driverProbes(port),
    resources: {
      requests: { cpu: "10m", memory: "64Mi", ...containerDisk.requests },
      limits: { cpu: "1", memory: "300Mi", ...containerDisk.limits },
    },
    securityContext: mountingSecurityContext,
    volumeMounts: [socketMount, podsMount(kubeletDirectory)],
  };
}
