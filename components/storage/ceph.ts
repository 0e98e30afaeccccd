import type * as pulumi from "@pulumi/pulumi";
import type { CephConfig, CephUser } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import { anyAddress, type Port } from "../shared/network-policy";
import { secret } from "../shared/secret";
import { serviceAccount } from "../shared/service-account";
import { cephFiles, userSecretName } from "./ceph-config";
import { controllerPlugin, controllerVolumes, nodePlugin, nodePluginVolumes } from "./ceph-pods";
import {
  csiDriver,
  driverNames,
  workloadName,
  type CephKind,
  type ControllerPorts,
  type DriverArgs,
  type NodePorts,
} from "./driver";
import { controllerClusterRules, controllerRules, nodeClusterRules } from "./rbac";
import { controllerSidecars, nodeSidecars } from "./sidecars";
import { controllerDeployment, nodeDaemonSet } from "./workloads";

/** Ports of the nodes' pods are in the host network, so none may be used twice. */
const ports: Record<CephKind, { controller: ControllerPorts; node: NodePorts }> = {
  rbd: {
    controller: {
      driver: 8680,
      provisioner: 8090,
      resizer: 8091,
      snapshotter: 8092,
      attacher: 8093,
    },
    node: { driver: 8680, registrar: 8682 },
  },
  cephfs: {
    controller: {
      driver: 8681,
      provisioner: 8090,
      resizer: 8091,
      snapshotter: 8092,
      attacher: 8093,
    },
    node: { driver: 8681, registrar: 8683 },
  },
};

/** Monitors with both protocols, and the port range of OSDs and MDSs (`ms_bind_port_min` and `_max`). */
const cephPorts: Port[] = [3300, 6789, { protocol: "TCP", port: 6800, endPort: 7568 }];

/** A kind of Ceph volumes with its driver. */
export interface CephDriver {
  /** Name of the Secret with the user and key, in the drivers' namespace. */
  secret: pulumi.Input<string>;
  /** Resources that must exist as long as volumes do. */
  resources: pulumi.Resource[];
}

/** Declares the drivers of an external Ceph cluster, for the kinds that the config names. */
export function cephDrivers(
  ceph: CephConfig,
  args: DriverArgs,
): Partial<Record<CephKind, CephDriver>> {
  const files = immutableConfigMap(args.part, "ceph-csi", { data: cephFiles(ceph) });
  const driver = (kind: CephKind, user: CephUser): CephDriver => ({
    secret: userSecret(kind, user, args),
    resources: [
      // Both kinds advertise PUBLISH_UNPUBLISH_VOLUME (CephFS since ceph-csi 3.15.1). An attachment is only a record in
      // the API: without --enable-fencing (default: false), Ceph does not block the clients of a lost node.
      csiDriver(kind, { attachRequired: true, seLinuxMount: true }, args.part),
      controller(kind, files, args),
      node(kind, files, args),
    ],
  });
  return {
    ...(ceph.rbd === undefined ? {} : { rbd: driver("rbd", ceph.rbd.user) }),
    ...(ceph.cephfs === undefined ? {} : { cephfs: driver("cephfs", ceph.cephfs.user) }),
  };
}

type Files = ReturnType<typeof immutableConfigMap>;

/** CephFS can use different users for volumes that it creates and for existing ones; here they are the same. */
function userSecret(kind: CephKind, user: CephUser, { part }: DriverArgs): pulumi.Input<string> {
  if ("secret" in user) return user.secret;
  const data = {
    userID: user.id,
    userKey: user.key,
    ...(kind === "cephfs" ? { adminID: user.id, adminKey: user.key } : {}),
  };
  return secret(part, userSecretName(kind, user), { data, workload: "ceph-csi" }).name;
}

/**
 * Two containers of the upstream packaging are omitted on purpose: `--type=controller` reads every Secret of the
 * cluster, and serves only volumes from a mirrored cluster; `--type=liveness` duplicates the sidecar that serves the
 * probes.
 */
function controller(kind: CephKind, files: Files, args: DriverArgs): pulumi.Resource {
  const name = workloadName(kind, "controller");
  const snapshots = args.snapshots !== undefined;
  const account = serviceAccount(args.part, name, {
    clusterRules: controllerClusterRules({ attaches: true, snapshots }),
    rules: controllerRules,
  });
  const own = ports[kind].controller;
  return controllerDeployment(
    kind,
    {
      account,
      token: true,
      // Only the monitors know the addresses of monitors, OSDs and MDSs; their ports are in a fixed range.
      network: { egress: [{ to: [anyAddress], ports: cephPorts }] },
      metricsPort: own.provisioner,
      containers: [
        controllerPlugin(kind, own.driver),
        ...controllerSidecars({
          ports: own,
          timeout: "150s",
          retryIntervalMax: "5m",
          snapshots,
          ...(kind === "rbd" ? { defaultFileSystem: "ext4" } : {}),
        }),
      ],
      volumes: controllerVolumes(files.name),
      dependsOn: [files.configMap, ...(args.snapshots?.definitions ?? [])],
    },
    args,
  );
}

function node(kind: CephKind, files: Files, args: DriverArgs): pulumi.Resource {
  const name = workloadName(kind, "node");
  const { kubeletDirectory, part } = args;
  const account = serviceAccount(part, name, { clusterRules: nodeClusterRules[kind] });
  const own = ports[kind].node;
  const registered = `${kubeletDirectory}/plugins/${driverNames[kind]}/csi.sock`;
  return nodeDaemonSet(
    kind,
    {
      account,
      token: true,
      // The kernel's connections to Ceph outlive the pod, so they cannot use its network.
      network: "host",
      hostPID: true,
      metricsPort: own.driver,
      containers: [
        nodePlugin(kind, own.driver, kubeletDirectory),
        ...nodeSidecars(own, registered),
      ],
      volumes: nodePluginVolumes(kind, files.name, kubeletDirectory),
      dependsOn: [files.configMap],
    },
    args,
  );
}
