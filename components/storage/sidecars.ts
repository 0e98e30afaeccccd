import type * as k8s from "@pulumi/kubernetes";
import type { ImageName } from "../../versions/images";
import type { PartContainer } from "../shared/part-container";
import type { ControllerPorts, NodePorts } from "./driver";

type Probe = k8s.types.input.core.v1.Probe;

/** Folder of the driver's socket, which all containers of a pod share. */
export const socketMount = { name: "socket", mountPath: "/csi" };
/** The driver's socket. */
export const socket = `${socketMount.mountPath}/csi.sock`;

/** Differences between drivers in the sidecars of their controllers. */
export interface ControllerSidecars {
  ports: ControllerPorts;
  /** Timeout of a call to the driver, for example "150s". */
  timeout: string;
  /** Longest pause between two attempts. */
  retryIntervalMax: string;
  /** File system of volumes whose class names none; only for block devices. Default: none. */
  defaultFileSystem?: string;
  snapshots: boolean;
}

/** No driver here changes volume attributes; the sidecars would watch them, and need more rights. */
const noAttributes = "--feature-gates=VolumeAttributesClass=false";

/**
 * Returns the sidecars of a controller: they create, delete and expand volumes, attach them if the driver has an
 * attacher's port, and take snapshots.
 */
export function controllerSidecars(args: ControllerSidecars): PartContainer[] {
  const { ports } = args;
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
      // Every driver here expands volumes in use; otherwise the sidecar would watch all pods.
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
    livenessProbe(ports.driver),
  ];
}

/**
 * Returns the sidecars of a node's driver: one registers it at the kubelet, one checks its health.
 * @param registeredSocket path of the driver's socket on the node.
 */
export function nodeSidecars(ports: NodePorts, registeredSocket: string): PartContainer[] {
  const probe = httpProbe("/healthz", ports.registrar);
  return [
    {
      ...sidecar("node-driver-registrar", "csiNodeDriverRegistrar"),
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
    livenessProbe(ports.driver),
  ];
}

/** Probes of the driver, answered by the sidecar that checks it through the socket. */
export function driverProbes(port: number): { livenessProbe: Probe; readinessProbe: Probe } {
  const httpGet = { path: "/healthz", port };
  return {
    // High thresholds, because a restart interrupts mounts and calls in progress.
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
function livenessProbe(port: number): PartContainer {
  // Its own probe only checks the port: /healthz shows the driver's health.
  const probe = { tcpSocket: { port }, periodSeconds: 10, failureThreshold: 3 };
  return {
    ...sidecar("liveness-probe", "csiLivenessProbe"),
    args: [`--csi-address=${socket}`, "--probe-timeout=3s", `--http-endpoint=:${port}`],
    ports: [{ name: "driver", containerPort: port }],
    livenessProbe: { ...probe, failureThreshold: 6 },
    readinessProbe: probe,
  };
}

/** A sidecar with leader election by a Lease: one replica works, and the others wait and are healthy. */
function electingSidecar(
  name: string,
  image: ImageName,
  port: number,
  args: ControllerSidecars & { flags: string[] },
): PartContainer {
  const probe = httpProbe("/healthz/leader-election", port);
  return {
    ...sidecar(`csi-${name}`, image),
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

function sidecar(name: string, image: ImageName): PartContainer {
  return {
    name,
    image,
    resources: {
      requests: { cpu: "10m", memory: "32Mi" },
      limits: { cpu: "500m", memory: "400Mi" },
    },
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
