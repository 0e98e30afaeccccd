import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../shared/budget";
import { imageReference, images, type ImageName } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, runsAs, scraped, spread } from "../shared/pods";
import { declareService } from "../shared/service";

/** What every workload of this part is given. */
export interface Common {
  namespace: pulumi.Input<string>;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

type Container = k8s.types.input.core.v1.Container;

/** Arguments of {@link workload}. */
export interface WorkloadArgs extends Common {
  replicas: number;
  account: pulumi.Input<string>;
  image: ImageName;
  /** User that the image is made for. */
  user: number;
  /** The rest of the one container. */
  container: Pick<
    Container,
    | "args"
    | "command"
    | "env"
    | "livenessProbe"
    | "ports"
    | "readinessProbe"
    | "resources"
    | "volumeMounts"
  >;
  volumes: k8s.types.input.core.v1.Volume[];
  /** Port of the metrics, where Prometheus may read them without an account. */
  metricsPort?: number;
  /** Objects without which the pods would stop. */
  dependsOn?: pulumi.Resource[];
}

/** Labels of a part's objects. */
export function labelsOf(name: string): Record<string, string> {
  return objectLabels(name, "autoscaling");
}

/** A Deployment with one container, spread over machines, with a budget where there are several pods. */
export function workload(
  name: string,
  args: WorkloadArgs,
  parent: pulumi.Resource,
): k8s.apps.v1.Deployment {
  const { namespace, replicas } = args;
  const selector = selectorLabels(name);
  const labels = labelsOf(name);
  if (replicas > 1) disruptionBudget(name, { namespace, labels }, selector, parent);
  return new k8s.apps.v1.Deployment(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        replicas,
        selector: { matchLabels: selector },
        // Old pods go first where several may not share a machine: there may be no free one.
        strategy: {
          type: "RollingUpdate",
          rollingUpdate:
            replicas > 1 ? { maxUnavailable: 1, maxSurge: 0 } : { maxUnavailable: 0, maxSurge: 1 },
        },
        template: {
          metadata: {
            labels: { ...labels, ...selector },
            ...metricsAnnotations(args.metricsPort),
          },
          spec: podSpec(name, args, selector),
        },
      },
    },
    { parent, dependsOn: args.dependsOn },
  );
}

function podSpec(
  name: string,
  { replicas, account, image, user, container, volumes, imageMirror, placement }: WorkloadArgs,
  selector: Record<string, string>,
): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: account,
    enableServiceLinks: false,
    securityContext: runsAs(user),
    ...spread(selector, replicas > 1 ? "required" : "preferred"),
    ...platformPlacement(placement),
    containers: [
      {
        name,
        image: imageReference(images[image], imageMirror),
        ...container,
        securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
      },
    ],
    volumes,
  };
}

function metricsAnnotations(
  port: number | undefined,
): Pick<k8s.types.input.meta.v1.ObjectMeta, "annotations"> {
  return port === undefined ? {} : { annotations: scraped(port, "/metrics") };
}

/** The Service on which the API server asks a part that extends it, over HTTPS. */
export function extensionService(
  name: string,
  namespace: pulumi.Input<string>,
  parent: pulumi.Resource,
): k8s.core.v1.Service {
  return declareService(
    name,
    {
      metadata: { name, namespace, labels: labelsOf(name) },
      spec: {
        selector: selectorLabels(name),
        ports: [{ name: "https", port: 443, targetPort: "https", appProtocol: "https" }],
      },
    },
    { parent },
  );
}
