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
import { nginxOf } from "./nginx";
import { phpFpmPod } from "./php-fpm";
import { withStorage } from "./storage";

/** What a pod's spec is made from. */
export interface PodArgs {
  app: string;
  /** Image tag. */
  version: string;
  /** Digest of the image; what the tag names without it. */
  digest?: string;
  template: ReleaseTemplate;
  /** The node group that the template names, if it names one. */
  nodeGroup?: NodeGroup;
  /** How urgent the pods are. */
  placement?: PlacementRules;
  /** Prefix of an internal image mirror, for the images that are not the app's own. */
  imageMirror?: string;
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
    ...pulling(args),
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
  const nginx = nginxOf(template, args.imageMirror);
  return nginx === undefined ? spec : phpFpmPod({ ...args, nginx }, spec);
}

/** A Secret that came after the release replaces none of its pods. */
function pulling({
  pullSecret,
  template: { resolved },
}: PodArgs): Pick<k8s.types.input.core.v1.PodSpec, "imagePullSecrets"> {
  if (pullSecret === undefined || resolved?.pulls === false) return {};
  return { imagePullSecrets: [{ name: pullSecret }] };
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
