import type * as k8s from "@pulumi/kubernetes";
import type { Resolved } from "../../config";
import { fpmPort, publicFolder } from "../../config/app/presets";
import { containerSecurityContext } from "../shared/pods";
import { preStop, probesOf } from "./container";
import type { PodArgs } from "./pod-args";
import { httpPort, tmpSize } from "./preset";
import { withStorage } from "./storage";
import { volumeMountsOf } from "./volumes";

/** Maximum size of an app's public files. */
const publicSize = "1Gi";

interface PodSpec extends k8s.types.input.core.v1.PodSpec {
  initContainers: k8s.types.input.core.v1.Container[];
  containers: k8s.types.input.core.v1.Container[];
  volumes: k8s.types.input.core.v1.Volume[];
}

/**
 * Puts nginx in front of PHP-FPM. nginx serves the app's public files itself, and forwards all other requests
 * to the app's container. The app's image contains the code in `/app`; its front controller is
 * `/app/public/index.php`. nginx also serves the volumes that are mounted below `/app/public`. It sees neither config
 * files nor Secrets that are mounted there: they are for the app, not for its clients.
 */
export function phpFpmPod(
  args: PodArgs & { nginx: NonNullable<Resolved["nginx"]> },
  spec: PodSpec,
): k8s.types.input.core.v1.PodSpec {
  const publicFiles = { name: "public", mountPath: publicFolder };
  const readOnly = { ...containerSecurityContext, readOnlyRootFilesystem: true };
  const { image, resources, servesVolumes = false } = args.nginx;
  const volumes = servesVolumes ? volumeMountsOf(args.template).filter(isPublic) : [];
  const [fpm, ...others] = spec.containers;
  return {
    ...spec,
    initContainers: [
      ...spec.initContainers,
      {
        name: "copy-public-files",
        image: fpm?.image,
        command: copyCommand(volumes.map(({ mountPath }) => mountPath)),
        resources: withStorage(resources, { volumes: [publicSize] }),
        securityContext: readOnly,
        volumeMounts: [{ name: "public", mountPath: "/public" }],
      },
    ],
    containers: [
      {
        ...fpm,
        name: args.app,
        ports: [{ name: "fpm", containerPort: fpmPort }],
        startupProbe: { tcpSocket: { port: "fpm" }, periodSeconds: 2, failureThreshold: 30 },
        readinessProbe: { tcpSocket: { port: "fpm" }, periodSeconds: 5, failureThreshold: 2 },
        livenessProbe: { tcpSocket: { port: "fpm" }, periodSeconds: 10, failureThreshold: 6 },
      },
      {
        name: "nginx",
        image,
        ports: [{ name: "http", containerPort: httpPort(args.template) }],
        resources: withStorage(resources, { volumes: [publicSize, tmpSize(args.template)] }),
        ...probesOf(args.template),
        lifecycle: { preStop: preStop(undefined) },
        securityContext: readOnly,
        volumeMounts: [
          { ...publicFiles, readOnly: true },
          ...volumes.map((mount) => ({ ...mount, readOnly: true })),
          { name: "nginx", mountPath: "/etc/nginx/conf.d", readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
      ...others,
    ],
    volumes: [...spec.volumes, { name: "public", emptyDir: { sizeLimit: publicSize } }],
  };
}

function isPublic({ mountPath }: { mountPath: string }): boolean {
  return mountPath.startsWith(`${publicFolder}/`);
}

/**
 * Returns the command that copies the public files. It also creates the folders in which nginx mounts volumes, because
 * a container runtime cannot create them in a volume that is mounted read-only.
 */
function copyCommand(mountPaths: string[]): string[] {
  const copy = ["cp", "-R", `${publicFolder}/.`, "/public"];
  if (mountPaths.length === 0) return copy;
  const folders = mountPaths.map((path) => `/public${path.slice(publicFolder.length)}`);
  return ["sh", "-c", `mkdir -p "$@" && ${copy.join(" ")}`, "copy", ...folders];
}
