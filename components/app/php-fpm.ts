import type * as k8s from "@pulumi/kubernetes";
import type { Resolved } from "../../config";
import { containerSecurityContext } from "../shared/pods";
import { preStop, probesOf } from "./container";
import { fpmPort, publicFolder } from "./nginx";
import type { PodArgs } from "./pod-args";
import { httpPort, tmpSize } from "./preset";
import { withStorage } from "./storage";

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
 * `/app/public/index.php`.
 */
export function phpFpmPod(
  args: PodArgs & { nginx: NonNullable<Resolved["nginx"]> },
  spec: PodSpec,
): k8s.types.input.core.v1.PodSpec {
  const publicFiles = { name: "public", mountPath: publicFolder };
  const readOnly = { ...containerSecurityContext, readOnlyRootFilesystem: true };
  const { image, resources } = args.nginx;
  const [fpm, ...others] = spec.containers;
  return {
    ...spec,
    initContainers: [
      ...spec.initContainers,
      {
        name: "copy-public-files",
        image: fpm?.image,
        command: ["cp", "-R", `${publicFolder}/.`, "/public"],
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
          { name: "nginx", mountPath: "/etc/nginx/conf.d", readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
      ...others,
    ],
    volumes: [...spec.volumes, { name: "public", emptyDir: { sizeLimit: publicSize } }],
  };
}
