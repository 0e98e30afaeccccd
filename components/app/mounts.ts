import { basename, dirname } from "node:path/posix";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseTemplate } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import type { PlatformContext } from "../shared/context";
import { contentHash } from "../shared/hash";
import { secretName } from "./external-secrets";
import { nginxOf } from "./nginx";
import { tmpSize } from "./preset";
import { releaseVolumeMounts } from "./volumes";

type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** Everything that a release's container mounts. */
export interface Mounts {
  volumes: Volume[];
  volumeMounts: VolumeMount[];
  /** Objects that must exist before a pod starts. */
  objects: pulumi.Resource[];
}

interface MountArgs {
  app: string;
  namespace: pulumi.Input<string>;
  /**
   * Context of the stack. Its environment and the domain are part of the paths of log directories on the node.
   */
  context: PlatformContext;
  domain?: string;
  template: ReleaseTemplate;
  /** Claims and Secrets of the app that its pods may mount. */
  mounted: pulumi.Resource[];
}

/** Returns the config files, Secrets, log directories of the node, volumes, and `/tmp`. */
export function mountsOf(releaseName: string, args: MountArgs, parent: pulumi.Resource): Mounts {
  const files = configFiles(releaseName, args, parent);
  const parts = [
    ...[files, secretFiles(args), logDirectories(args)],
    ...[releaseVolumeMounts(args.app, args.template), temporaryFolder(args.template)],
  ];
  return {
    volumes: parts.flatMap(({ volumes }) => volumes),
    volumeMounts: parts.flatMap(({ volumeMounts }) => volumeMounts),
    objects: [...files.objects, ...args.mounted],
  };
}

function temporaryFolder(template: ReleaseTemplate): Omit<Mounts, "objects"> {
  return {
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: tmpSize(template) } }],
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
}

/** Returns the app's own config files, and those of the nginx in front of it. */
function configFiles(
  releaseName: string,
  { app, namespace, template }: MountArgs,
  parent: pulumi.Resource,
): Mounts {
  const owner = { name: "apps", namespace, parent };
  const volume = (name: string, data: Record<string, string>) => {
    if (Object.keys(data).length === 0) return { volumes: [], objects: [] };
    const made = immutableConfigMap(owner, `${releaseName}-${name}`, { data, workload: app });
    return {
      volumes: [{ name, configMap: { name: made.name } }],
      objects: [made.configMap],
    };
  };
  const files = Object.entries(template.configFiles);
  const own = volume(
    "files",
    Object.fromEntries(files.map(([path, content]) => [keyOf(path), content])),
  );
  const nginx = volume("nginx", nginxOf(template, undefined)?.files ?? {});
  return {
    volumes: [...own.volumes, ...nginx.volumes],
    volumeMounts: files.map(([path]) => ({
      name: "files",
      mountPath: path,
      subPath: keyOf(path),
      readOnly: true,
    })),
    objects: [...own.objects, ...nginx.objects],
  };
}

/**
 * Returns the key in a ConfigMap for a path: keys cannot contain slashes, and two folders can contain files
 * with the same name.
 */
function keyOf(path: string): string {
  const folder = contentHash({ folder: dirname(path) }).slice(0, 6);
  return `${folder}-${basename(path)}`;
}

function secretFiles({ app, template }: MountArgs): Omit<Mounts, "objects"> {
  const entries = Object.entries(template.secretFiles).map(([mountPath, secret], index) => ({
    name: `secret-${index}`,
    mountPath,
    secretName: secretName(app, template, secret),
  }));
  return {
    volumes: entries.map(({ name, secretName }) => ({ name, secret: { secretName } })),
    volumeMounts: entries.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
  };
}

/**
 * Returns the volumes for `/data/nodelogs/<environment>/<kind>/<domain>/<pod>/` on the node. The log daemon of
 * the node creates the folder of a domain, writable for every user, and the kubelet creates each pod's with the
 * same permissions. The type is Directory, because a folder that the kubelet created itself would belong to
 * root only.
 */
function logDirectories(args: MountArgs): Omit<Mounts, "objects"> {
  const entries = Object.entries(args.template.logDirectories);
  const { environment, domain } = args.template.resolved?.logs ?? {
    environment: args.context.environment,
    domain: args.domain ?? "",
  };
  return {
    volumes: entries.map(([kind]) => ({
      name: kind,
      hostPath: {
        path: `/data/nodelogs/${environment}/${kind}/${domain}`,
        type: "Directory",
      },
    })),
    volumeMounts: entries.map(([kind, mountPath]) => ({
      name: kind,
      mountPath,
      subPathExpr: "$(POD_NAME)",
    })),
  };
}
