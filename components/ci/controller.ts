import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass, Resources } from "../../config";
import type { Part } from "../shared/context";
import { imageReference, images } from "../../versions/images";
import { gatewayPods } from "../shared/network-policy";
import { scratch, type PodVolume } from "../shared/pod-template";
import type { DeclaredSecret } from "../shared/secret";
import { statefulSet } from "../shared/workload";
import { javaTrust } from "./certificates";
import { jenkinsContainer } from "./controller-container";
import { controllerName, httpPort } from "./names";
import { everyAgent, toServers } from "./network";
import { pluginsContainer, pluginSet } from "./plugins-container";
import { reloadContainer } from "./reload";

/** Arguments of {@link controller}. */
export interface ControllerArgs {
  /** Service account whose role lets it make agents. */
  serviceAccount: pulumi.Input<string>;
  /** Names of the ConfigMaps that the pod mounts. */
  configMaps: {
    settings: string;
    jobs: string;
    plugins: string;
    init: string;
    /** The objects themselves: the pod does not start before they exist. */
    objects: pulumi.Resource[];
  };
  secret: DeclaredSecret;
  /** Files of every secret that the settings name. */
  secretFiles: k8s.types.input.core.v1.VolumeProjection[];
  resources: Resources;
  /** Class of its volumes, block storage; the cluster's default without it. */
  storageClass?: BlockStorageClass;
  /** Sizes of its volumes, with a unit. */
  sizes: { home: string; backup: string };
  /** Secret with the company's certificates; only public authorities are trusted without it. */
  caBundle?: string;
  /** Update centre that plugins are downloaded from, instead of the project's own. */
  pluginMirror?: string;
}

/** Claim of the volume that backups are written to; a StatefulSet names it like this. */
export const backupClaim = `backup-${controllerName}-0`;

/**
 * The controller: one pod, since Jenkins keeps its state in files of its home that two of them
 * would overwrite; there is no second one to fail over to. A StatefulSet never starts the new pod
 * before the old one is gone, and keeps its volumes when it is deleted.
 */
export function controller(part: Part, args: ControllerArgs): void {
  const { secret, resources, sizes, storageClass } = args;
  const trust = javaTrust(args.caBundle);
  const set = pluginSet(imageReference(images.jenkins, part.context.imageMirror));
  statefulSet(part, {
    name: controllerName,
    replicas: 1,
    serviceName: controllerName,
    claims: [
      { name: "home", size: sizes.home, storageClass },
      { name: "backup", size: sizes.backup, storageClass },
    ],
    account: args.serviceAccount,
    user: 1000,
    ownsVolumes: "large",
    secrets: [secret],
    metrics: { port: httpPort, path: "/prometheus/" },
    initContainers: [
      ...trust.initContainers,
      pluginsContainer(set, { mirror: args.pluginMirror, trust }),
    ],
    containers: [
      jenkinsContainer({ set, secret: secret.name, resources, trust }),
      reloadContainer(),
    ],
    volumes: [...volumes(args), ...trust.volumes],
    service: { ports: { http: httpPort } },
    network: {
      formerName: controllerName,
      ingress: [{ from: [gatewayPods, everyAgent], ports: [httpPort] }],
      // Git, the login's provider, and where plugins come from.
      egress: toServers(22, 80, 443),
    },
    // Running pipelines write down where they are; they go on after the restart.
    spec: { terminationGracePeriodSeconds: 120 },
    dependsOn: args.configMaps.objects,
  });
}

function volumes({ configMaps, secret, secretFiles }: ControllerArgs): PodVolume[] {
  return [
    { name: "settings", configMap: { name: configMaps.settings } },
    { name: "jobs", configMap: { name: configMaps.jobs } },
    { name: "plugins", configMap: { name: configMaps.plugins } },
    { name: "init", configMap: { name: configMaps.init } },
    { name: "secrets", projected: { sources: secretFiles } },
    {
      name: "reload",
      secret: {
        secretName: secret.name,
        items: [{ key: "reload-token", path: "reload-token" }],
      },
    },
    // Jenkins unpacked, some 300 MiB.
    scratch("war", "1Gi"),
    // What the plugins are downloaded to, and uploads.
    scratch("tmp", "2Gi"),
    scratch("reload-tmp", "64Mi"),
  ];
}
