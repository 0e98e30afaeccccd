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
  /** Service account with the right to create agents. */
  serviceAccount: pulumi.Input<string>;
  /** Names of the ConfigMaps that the pod mounts. */
  configMaps: {
    settings: string;
    jobs: string;
    plugins: string;
    init: string;
    /** The ConfigMap resources; the pod depends on them. */
    objects: pulumi.Resource[];
  };
  /** Secret with the passwords and tokens of Jenkins. */
  secret: DeclaredSecret;
  /** Projected volume sources with the files of every secret that the settings refer to. */
  secretFiles: k8s.types.input.core.v1.VolumeProjection[];
  /** CPU and memory of the container. */
  resources: Resources;
  /** Block storage class of its volumes. Default: the cluster's default class. */
  storageClass?: BlockStorageClass;
  /** Sizes of the home and backup volumes, with a unit, for example `50Gi`. */
  sizes: { home: string; backup: string };
  /** Secret with the company's CA certificates. Default: public CAs only. */
  caBundle?: string;
  /** Port of the platform's repository. */
  gitPort: number;
  /** Update center for plugins. Default: the Jenkins project's own. */
  pluginMirror?: string;
}

/** Claim of the backup volume, as the StatefulSet names it. */
export const backupClaim = `backup-${controllerName}-0`;

/**
 * Declares the controller. It has one pod, because Jenkins keeps its state in files that two pods would overwrite;
 * there is no failover. A StatefulSet never starts a new pod before the old one has ended, and keeps its volumes when
 * it is deleted.
 */
export function controller(part: Part, args: ControllerArgs): void {
  const { secret, resources, sizes, storageClass } = args;
  const trust = javaTrust(args.caBundle);
  const set = pluginSet(imageReference(images.jenkins, part.context.imageSource));
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
      // Git, the identity provider, and the update center.
      egress: toServers(...new Set([22, 80, 443, args.gitPort])),
    },
    // Running pipelines save their state, and continue after the restart.
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
    // The unpacked web application, some 300 MiB.
    scratch("war", "1Gi"),
    // Plugin downloads and uploads.
    scratch("tmp", "2Gi"),
    scratch("reload-tmp", "64Mi"),
  ];
}
