import type * as k8s from "@pulumi/kubernetes";
import { nginxResources, type ReleaseTemplate } from "../../config";
import { imageReference, images } from "../../versions/images";
import { containerSecurityContext } from "../shared/pods";
import { httpPort, preStop, probesOf, tmpSize } from "./container";
import type { PodArgs } from "./pod";
import { withStorage } from "./storage";

/** Port on which PHP-FPM listens, inside the pod only. */
const fpmPort = 9000;

/** Folder of the app's public files in its image, and where nginx sees a copy of them. */
const publicFolder = "/app/public";

/** Largest size of an app's public files. */
const publicSize = "1Gi";

interface PodSpec extends k8s.types.input.core.v1.PodSpec {
  initContainers: k8s.types.input.core.v1.Container[];
  containers: k8s.types.input.core.v1.Container[];
  volumes: k8s.types.input.core.v1.Volume[];
}

/**
 * Puts nginx in front of PHP-FPM: it serves the app's public files itself and hands everything else
 * to the app's container. The app's image holds the code in `/app`, its front controller is
 * `/app/public/index.php`.
 */
export function phpFpmPod(args: PodArgs, spec: PodSpec): k8s.types.input.core.v1.PodSpec {
  const publicFiles = { name: "public", mountPath: publicFolder };
  const readOnly = { ...containerSecurityContext, readOnlyRootFilesystem: true };
  const [fpm, ...others] = spec.containers;
  return {
    ...spec,
    initContainers: [
      ...spec.initContainers,
      {
        name: "copy-public-files",
        image: fpm?.image,
        command: ["cp", "-R", `${publicFolder}/.`, "/public"],
        resources: withStorage(nginxResources, { volumes: [publicSize] }),
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
        image: imageReference(images.nginx, args.imageMirror),
        ports: [{ name: "http", containerPort: httpPort(args.template) }],
        resources: withStorage(nginxResources, { volumes: [publicSize, tmpSize(args.template)] }),
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

/** nginx's configuration by file name; none for an app that needs no nginx. */
export function nginxFiles(template: ReleaseTemplate): Record<string, string> {
  return template.preset === "php-fpm" ? { "default.conf": nginxConfig(httpPort(template)) } : {};
}

/** A server that looks for a file first, and then asks the front controller. */
function nginxConfig(port: number): string {
  return `server {
  listen ${port};
  root ${publicFolder};
  index index.php;
  # The gateway and the app's own settings limit the size of what is sent.
  client_max_body_size 0;
  location / {
    try_files $uri /index.php$is_args$args;
  }
  location ~ \\.php$ {
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
    fastcgi_pass 127.0.0.1:${fpmPort};
  }
}
`;
}
