import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass } from "../../config";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { ownsLargeVolumes, scraped } from "../shared/pods";
import type { DeclaredSecret } from "../shared/secret";
import { declareService } from "../shared/service";
import { httpPort, jenkinsContainer } from "./controller-container";
import { pluginsContainer, pluginSet } from "./plugins-container";
import { reloadContainer } from "./reload";

type Volume = k8s.types.input.core.v1.Volume;

/** Arguments of {@link controller}. */
export interface ControllerArgs {
  namespace: pulumi.Input<string>;
  /** Service account whose role lets it make agents. */
  serviceAccount: pulumi.Input<string>;
  /** Names of the ConfigMaps that the pod mounts. */
  configMaps: { settings: string; jobs: string; plugins: string; init: string };
  secret: DeclaredSecret;
  /** Files of every secret that the settings name. */
  secretFiles: k8s.types.input.core.v1.VolumeProjection[];
  resources: k8s.types.input.core.v1.ResourceRequirements;
  /** Class of its volumes, block storage; the cluster's default without it. */
  storageClass?: BlockStorageClass;
  /** Sizes of its volumes, with a unit. */
  sizes: { home: string; backup: string };
  /** Update centre that plugins are downloaded from, instead of the project's own. */
  pluginMirror?: string;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** Name of the controller, its Service and its pods. */
export const controllerName = "jenkins";

/** Labels of the controller's pods. */
export const controllerSelector = selectorLabels(controllerName);

/** Claim of the volume that backups are written to; a StatefulSet names it like this. */
export const backupClaim = `backup-${controllerName}-0`;

const labels = objectLabels(controllerName, "ci");

/**
 * The controller: one pod, since Jenkins keeps its state in files of its home that two of them
 * would overwrite; there is no second one to fail over to. A StatefulSet never starts the new pod
 * before the old one is gone, and keeps its volumes when it is deleted.
 */
export function controller(args: ControllerArgs, parent: pulumi.Resource): k8s.core.v1.Service {
  const metadata = { name: controllerName, namespace: args.namespace, labels };
  new k8s.apps.v1.StatefulSet(
    controllerName,
    {
      metadata,
      spec: {
        serviceName: controllerName,
        replicas: 1,
        selector: { matchLabels: controllerSelector },
        template: podTemplate(args),
        volumeClaimTemplates: [
          claim("home", args.sizes.home, args.storageClass),
          claim("backup", args.sizes.backup, args.storageClass),
        ],
      },
    },
    { parent },
  );
  return declareService(
    controllerName,
    {
      metadata,
      spec: {
        selector: controllerSelector,
        ports: [{ name: "http", port: httpPort, targetPort: "http" }],
      },
    },
    { parent },
  );
}

function podTemplate(args: ControllerArgs): k8s.types.input.core.v1.PodTemplateSpec {
  const image = imageReference(images.jenkins, args.imageMirror);
  const set = pluginSet(image);
  return {
    metadata: {
      labels: { ...labels, ...controllerSelector },
      annotations: {
        ...args.secret.podAnnotations,
        ...scraped(httpPort, "/prometheus/"),
      },
    },
    spec: {
      serviceAccountName: args.serviceAccount,
      enableServiceLinks: false,
      ...platformPlacement(args.placement),
      securityContext: ownsLargeVolumes(1000),
      // Running pipelines write down where they are; they go on after the restart.
      terminationGracePeriodSeconds: 120,
      initContainers: [pluginsContainer(image, set, args.pluginMirror)],
      containers: [
        jenkinsContainer(image, { set, secret: args.secret.name, resources: args.resources }),
        reloadContainer(image),
      ],
      volumes: volumes(args),
    },
  };
}

function volumes({ configMaps, secret, secretFiles }: ControllerArgs): Volume[] {
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
    { name: "war", emptyDir: {} },
    { name: "tmp", emptyDir: {} },
    { name: "reload-tmp", emptyDir: {} },
  ];
}

function claim(
  name: string,
  storage: string,
  storageClassName: string | undefined,
): k8s.types.input.core.v1.PersistentVolumeClaim {
  return {
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName,
      resources: { requests: { storage } },
    },
  };
}
