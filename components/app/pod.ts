import type * as k8s from "@pulumi/kubernetes";
import type { Container } from "../../config";
import { appPlacement } from "../shared/placement";
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
import type { PodArgs } from "./pod-args";
import { withStorage } from "./storage";

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
    containers: [appContainer(args, mounts)],
    volumes: mounts.volumes,
  };
  const nginx = nginxOf(template, args.context.imageMirror);
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
