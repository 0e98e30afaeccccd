import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectLabels, type SelectorLabels } from "../shared/labels";
import { declareService } from "../shared/service";
import { releaseAnnotation } from "./annotations";
import type { MigrationWaiting } from "./migration";
import type { Release } from "./release";

/** Port of both Services. */
export const servicePort = 80;

/** The names of the two Services between which the route splits the requests. */
export interface RoleServices {
  stable: pulumi.Output<string>;
  canary: pulumi.Output<string>;
}

/** A Service that will select a release's pods. */
export interface Role {
  service: string;
  namespace: pulumi.Input<string>;
  release: Release;
}

/** What the update waits for before requests go to a release. */
export interface Waiting extends MigrationWaiting {
  /** Resolves after a release has the ready pods that its new share needs. */
  afterPodsReady(release: Release, namespace: pulumi.Input<string>): pulumi.Output<unknown>;
  /** Returns the labels of a release's pods; resolves when its Service may select them. */
  afterPodReady(role: Role): pulumi.Output<SelectorLabels>;
  /** Returns the name of a release's Service; resolves when requests can be sent to it. */
  reachableName(service: k8s.core.v1.Service, release: Release): pulumi.Output<string>;
  /**
   * Resolves after the gateway serves the current version of a route.
   * @param route its namespace and name.
   * @param weight share of the canary that the route must have, percent, before a Service changes. Default: any.
   */
  afterRouteServed(route: pulumi.Output<string>, weight?: number): pulumi.Output<unknown>;
}

/** Waits for nothing except the objects themselves. */
export const waitForNothing: Waiting = {
  afterMigration: ({ id }) => id,
  afterPodsReady: () => pulumi.output(undefined),
  afterPodReady: ({ release }) => pulumi.output(release.selector),
  reachableName: ({ metadata }) => metadata.name,
  afterRouteServed: (route) => route,
};

/** The releases that have the roles. */
export interface Roles {
  namespace: pulumi.Input<string>;
  stable: string;
  canary?: string;
  waiting: Waiting;
}

/** Returns the names of the role Services that select a release; none for a former one. */
export function roleServiceNames(
  app: string,
  { stable, canary = stable }: Pick<Roles, "stable" | "canary">,
  release: string,
): string[] {
  return [
    ...(release === stable ? [`${app}-stable`] : []),
    ...(release === canary ? [`${app}-canary`] : []),
  ];
}

/**
 * Declares a Service that selects the release of a role. Without a canary, `<app>-canary` selects the stable
 * release, so that both Services always have pods.
 * @param after resolves when its selector may change.
 */
export function roleService(
  app: string,
  role: Role,
  waiting: Waiting,
  after: pulumi.Output<unknown>,
  parent: pulumi.Resource,
  { type, nodePort }: { type: string; nodePort?: number } = { type: "ClusterIP" },
): k8s.core.v1.Service {
  const { service: name, namespace, release } = role;
  return declareService(
    name,
    {
      metadata: {
        name,
        namespace,
        labels: objectLabels(app, "apps"),
        annotations: { [releaseAnnotation]: release.key },
      },
      spec: {
        type,
        selector: pulumi.all([waiting.afterPodReady(role), after]).apply(([selector]) => selector),
        ports: [
          {
            name: "http",
            port: servicePort,
            targetPort: "http",
            nodePort,
            ...appProtocolOf(release),
          },
        ],
      },
    },
    // The selector does not refer to the Deployment, so Pulumi does not know that the release must be ready first.
    {
      parent,
      dependsOn: [release.deployment],
      // No second Service can have the port, not even in another namespace.
      deleteBeforeReplace: nodePort !== undefined,
    },
  );
}

/** Returns the protocol of the port (`appProtocol`). Default: HTTP/1.1. */
function appProtocolOf({ protocol }: Release): { appProtocol?: string } {
  return protocol === "h2c" ? { appProtocol: "kubernetes.io/h2c" } : {};
}
