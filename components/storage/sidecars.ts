import type * as k8s from "@pulumi/kubernetes";
import { containerDisk } from "../shared/ephemeral-storage";
import { imageReference, images, type ImageName } from "../../versions/images";
import { containerSecurityContext } from "../shared/pods";
import type { ControllerPorts, NodePorts } from "./driver";
import type { PlatformContext } from "../shared/context";

type Container = k8s.types.input.core.v1.Container;
type Probe = k8s.types.input.core.v1.Probe;

/** Folder of the driver's socket, which all containers of a pod share. */
export const socketMount = { name: "socket", mountPath: "/csi" };
/** The driver's socket. */
export const socket = `${socketMount.mountPath}/csi.sock`;

/** How drivers differ in the sidecars of their controllers. */
export interface ControllerSidecars {
  ports: ControllerPorts;
  /** Longest time of one call to the driver, for example "150s". */
  timeout: string;
  /** Longest pause between two tries. */
  retryIntervalMax: string;
  /** File system of volumes whose class names none; only of drivers of block devices. */
  defaultFileSystem?: string;
  snapshots: boolean;
  context: PlatformContext;
}

/** No driver here changes a volume's attributes; the sidecars would watch for them, and need rights. */
const noAttributes = "--feature-gates=VolumeAttributesClass=false";

/**
 * The containers that carry the cluster's wishes to the driver of a controller: make and delete
 * volumes, let them grow, attach them where the driver has an attacher's port, take snapshots.
 */
export function controllerSidecars(args: ControllerSidecars): Container[] {
  const { ports, context } = args;
  const fileSystem =
    args.defaultFileSystem === undefined ? [] : [`--default-fstype=${args.defaultFileSystem}`];
  const electing = (name: string, image: ImageName, port: number, flags: string[]) =>
    electingSidecar(name, image, port, { ...args, flags });
  return [
    electing("provisioner", "csiProvisioner", ports.provisioner, [
      "--extra-create-metadata=true",
      noAttributes,
      ...fileSystem,
    ]),
    electing("resizer", "csiResizer", ports.resizer, [
      // Every driver here grows volumes that are in use; without this, all pods would be watched.
      "--handle-volume-inuse-error=false",
      noAttributes,
    ]),
    ...(ports.attacher === undefined
      ? []
      : [electing("attacher", "csiAttacher", ports.attacher, fileSystem)]),
    ...(args.snapshots
      ? [
          electing("snapshotter", "csiSnapshotter", ports.snapshotter, [
            "--extra-create-metadata=true",
          ]),
        ]
      : []),
    livenessProbe(ports.driver, context),
  ];
}

/**
 * The containers beside the driver of a node: one makes it known to the kubelet, one asks how it is.
 * @param registeredSocket path of the driver's socket on the node.
 */
export function nodeSidecars(
  ports: NodePorts,
  registeredSocket: string,
  context: PlatformContext,
): Container[] {
  const probe = httpProbe("/healthz", ports.registrar);
  return [
    {
      ...sidecar("node-driver-registrar", "csiNodeDriverRegistrar", context),
      args: [
        `--csi-address=${socket}`,
        `--kubelet-registration-path=${registeredSocket}`,
        `--http-endpoint=:${ports.registrar}`,
      ],
      ports: [{ name: "registrar", containerPort: ports.registrar }],
      livenessProbe: { ...probe, failureThreshold: 6 },
      readinessProbe: probe,
      volumeMounts: [socketMount, { name: "registration", mountPath: "/registration" }],
    },
    livenessProbe(ports.driver, context),
  ];
}

/** Probes of the driver itself, answered by the container beside it that asks through the socket. */
export function driverProbes(port: number): { livenessProbe: Probe; readinessProbe: Probe } {
  const httpGet = { path: "/healthz", port };
  return {
    // Slow to kill: mounts and calls under way would be cut off.
    livenessProbe: {
      httpGet,
      initialDelaySeconds: 30,
      periodSeconds: 30,
      timeoutSeconds: 10,
      failureThreshold: 5,
    },
    readinessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 3 },
  };
}

/** Calls the driver's Probe for every request to `/healthz`, and serves metrics. */
function livenessProbe(port: number, context: PlatformContext): Container {
  // Its own health is that it listens: what /healthz tells is the driver's.
  const probe = { tcpSocket: { port }, periodSeconds: 10, failureThreshold: 3 };
  return {
    ...sidecar("liveness-probe", "csiLivenessProbe", context),
    args: [`--csi-address=${socket}`, "--probe-timeout=3s", `--http-endpoint=:${port}`],
    ports: [{ name: "driver", containerPort: port }],
    livenessProbe: { ...probe, failureThreshold: 6 },
    readinessProbe: probe,
  };
}

/** A sidecar of which one among all replicas works, by a Lease; the others are healthy and wait. */
function electingSidecar(
  name: string,
  image: ImageName,
  port: number,
  args: ControllerSidecars & { flags: string[] },
): Container {
  const probe = httpProbe("/healthz/leader-election", port);
  return {
    ...sidecar(`csi-${name}`, image, args.context),
    args: [
      `--csi-address=${socket}`,
      "--leader-election=true",
      `--http-endpoint=:${port}`,
      `--timeout=${args.timeout}`,
      `--retry-interval-max=${args.retryIntervalMax}`,
      ...args.flags,
    ],
    ports: [{ name, containerPort: port }],
    livenessProbe: { ...probe, failureThreshold: 6 },
    readinessProbe: probe,
  };
}

function sidecar(name: string, image: ImageName, { imageMirror }: PlatformContext): Container {
  return {
    name,
    image: imageReference(images[image], imageMirror),
    resources: {
      requests: { cpu: "10m", memory: "32Mi", ...containerDisk.requests },
      limits: { cpu: "500m", memory: "400Mi", ...containerDisk.limits },
    },
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
    volumeMounts: [socketMount],
  };
}

function httpProbe(path: string, port: number): Probe {
  return {
    httpGet: { path, port },
    initialDelaySeconds: 10,
    periodSeconds: 20,
    timeoutSeconds: 5,
    failureThreshold: 3,
  };
}
