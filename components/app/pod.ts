import type { ImageSource } from "../../versions/images";
import type * as k8s from "@pulumi/kubernetes";
import type { Container, ReleaseTemplate } from "../../config";
import { appPlacement, type NodeGroup, type PlacementRules } from "../shared/placement";
import {
  containerSecurityContext,
  podSecurityContext,
  spread,
  withoutApiAccess,
} from "../shared/pods";
import { appContainer, deregistrationSeconds } from "./container";
import type { Mounts } from "./mounts";
import { phpFpmPod } from "./php-fpm";
import { withStorage } from "./storage";

/** What a pod's spec is made from. */
export interface PodArgs {
  app: string;
  /** Image tag. */
  version: string;
  template: ReleaseTemplate;
  /** The node group that the template names, if it names one. */
  nodeGroup?: NodeGroup;
  /** How urgent the pods are. */
  placement?: PlacementRules;
  /** Prefix of an internal image mirror, for the images that are not the app's own. */
  imageMirror?: ImageSource;
  /** Image pull secret of the app's namespace. */
  pullSecret?: string;
}

/** The pods of a release. */
export function podSpec(
  args: PodArgs,
  selector: Record<string, string>,
  mounts: Mounts,
): k8s.types.input.core.v1.PodSpec {
  const { template } = args;
  const spec = {
    ...withoutApiAccess,
    securityContext: podSecurityContext,
    ...(args.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: args.pullSecret }] }),
    terminationGracePeriodSeconds: deregistrationSeconds + template.drainSeconds,
    ...spread(selector),
    ...appPlacement(args.placement, args.nodeGroup),
    hostAliases: Object.entries(template.hostAliases).map(([ip, hostnames]) => ({
      ip,
      hostnames,
    })),
    initContainers: [
      // An init container that always restarts is a sidecar: it starts before the app and stops after it.
      ...Object.entries(template.sidecars).map(([name, sidecar]) => ({
        ...extraContainer(name, sidecar),
        restartPolicy: "Always",
      })),
      ...template.initContainers.map((container) => extraContainer(container.name, container)),
    ],
    containers: [appContainer(args, mounts)],
    volumes: mounts.volumes,
  };
  return template.preset === "php-fpm" ? phpFpmPod(args, spec) : spec;
}

function extraContainer(
  name: string,
  { image, command, env, resources }: Container,
): k8s.types.input.core.v1.Container {
  return {
    name,
    image,
    command,
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    resources: withStorage(resources),
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
  };
}
