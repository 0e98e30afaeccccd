import type * as k8s from "@pulumi/kubernetes";
import type { Container, CronWork, ReleaseTemplate } from "../../config";
import { isWorker } from "../../config/app/kinds";
import { appPlacement } from "../shared/placement";
import {
  containerSecurityContext,
  podSecurityContext,
  spread,
  withoutApiAccess,
} from "../shared/pods";
import { appContainer, deregistrationSeconds, jobContainer } from "./container";
import type { Mounts } from "./mounts";
import { nginxOf } from "./nginx";
import { phpFpmPod } from "./php-fpm";
import type { PodArgs } from "./pod-args";
import { withStorage } from "./storage";
import { volumeGroup } from "./volumes";

/** Returns the pod spec of a release. */
export function podSpec(
  args: PodArgs,
  selector: Record<string, string>,
  mounts: Mounts,
): k8s.types.input.core.v1.PodSpec {
  const spec = {
    ...commonPodSpec(args, mounts),
    terminationGracePeriodSeconds: stoppingSeconds(args.template),
    ...spread(selector),
    containers: [appContainer(args, mounts)],
  };
  const nginx = nginxOf(args.template, args.context.imageSource);
  return nginx === undefined ? spec : phpFpmPod({ ...args, nginx }, spec);
}

/**
 * Returns how long a pod may take to stop: a worker stops taking work immediately; a web app serves until the
 * gateway no longer sends requests.
 */
export function stoppingSeconds(template: ReleaseTemplate): number {
  return (isWorker(template) ? 0 : deregistrationSeconds) + template.drainSeconds;
}

/**
 * Returns a pod spec that runs a command of a release to completion, with the same files, sidecars and rules as
 * the release's pods.
 */
export function jobPodSpec(
  args: PodArgs,
  work: CronWork[string],
  mounts: Mounts,
): k8s.types.input.core.v1.PodSpec {
  return {
    ...commonPodSpec(args, mounts),
    restartPolicy: "Never",
    terminationGracePeriodSeconds: args.template.drainSeconds,
    containers: [jobContainer(args, work, mounts)],
  };
}

/** Returns the parts of the pod spec that do not depend on the container. */
function commonPodSpec(args: PodArgs, { volumes }: Mounts) {
  const { template } = args;
  return {
    ...withoutApiAccess,
    securityContext: { ...podSecurityContext, ...volumeOwnership(template) },
    ...pullSecrets(args),
    ...appPlacement(args.context.placement, args.nodeGroup),
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
    volumes,
  };
}

/** A new volume belongs to root, and no app runs as root. */
function volumeOwnership({ volumes }: ReleaseTemplate) {
  if (volumes === undefined) return {};
  return { fsGroup: volumeGroup, fsGroupChangePolicy: "OnRootMismatch" };
}

/**
 * Returns the Secret with which the nodes pull the images. A release that was declared without one stays without it,
 * because adding it would replace all of its pods.
 */
function pullSecrets({
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
