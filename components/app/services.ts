import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";
import type { Release } from "./release";

/** Annotation of a role's Service: key of the release that it selects, for example `1.5.0-r2`. */
export const releaseAnnotation = "platform/release";

/**
 * The official plugin waits until no pod behind a Service is unready, and gives up after 10 minutes:
 * one pod of many that crashes, or an autoscaler at work, would hold up a promotion or a rollback.
 * {@link Leading} waits for what a route needs.
 */
const unawaited = { "pulumi.com/skipAwait": "true" };

/** Port of both Services. */
export const servicePort = 80;

/** The names of the two Services between which the route divides the requests. */
export interface RoleServices {
  stable: pulumi.Output<string>;
  canary: pulumi.Output<string>;
}

/** A Service, and the labels of the pods that it leads to. */
export interface RoleService {
  service: k8s.core.v1.Service;
  selector: Record<string, string>;
}

/** Gives a Service's name once requests can be sent to it. */
export type Leading = (service: RoleService) => pulumi.Output<string>;

interface Roles {
  namespace: pulumi.Input<string>;
  stable: string;
  canary?: string;
}

/**
 * Services `<app>-stable` and `<app>-canary`. Their names never change; their selectors say which
 * release has the role. With no canary, `<app>-canary` selects the stable release, so that neither
 * is ever without a pod.
 */
export function roleServices(
  app: string,
  roles: Roles,
  releases: Release[],
  leading: Leading,
  parent: pulumi.Resource,
): RoleServices {
  const service = (role: "stable" | "canary", releaseName: string) => {
    const release = live(releases, releaseName);
    const declared = roleService(`${app}-${role}`, app, roles.namespace, release, parent);
    return leading({ service: declared, selector: release.selector });
  };
  return {
    stable: service("stable", roles.stable),
    canary: service("canary", roles.canary ?? roles.stable),
  };
}

/** Names of the role Services that select a release; none for a former one. */
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

/** Service `<app>-nodeport`: the stable release on one fixed port of every node. */
export function fixedPortService(
  app: string,
  { namespace, stable, nodePort }: Roles & { nodePort: number },
  releases: Release[],
  parent: pulumi.Resource,
): void {
  const release = live(releases, stable);
  roleService(`${app}-nodeport`, app, namespace, release, parent, { type: "NodePort", nodePort });
}

function roleService(
  name: string,
  app: string,
  namespace: pulumi.Input<string>,
  release: Release,
  parent: pulumi.Resource,
  { type, nodePort }: { type: string; nodePort?: number } = { type: "ClusterIP" },
): k8s.core.v1.Service {
  return new k8s.core.v1.Service(
    name,
    {
      metadata: {
        name,
        namespace,
        labels: objectLabels(app, "apps"),
        annotations: { [releaseAnnotation]: release.key, ...unawaited },
      },
      spec: {
        type,
        selector: release.selector,
        ports: [{ name: "http", port: servicePort, targetPort: "http", nodePort }],
      },
    },
    // The selector is plain labels, so nothing else says that the release must be ready first.
    { parent, dependsOn: [release.deployment] },
  );
}

function live(releases: Release[], name: string): Release {
  const release = releases.find(({ releaseName }) => releaseName === name);
  if (release === undefined) {
    throw new Error(
      `No live release is named ${name}; live are ${releases.map(({ releaseName }) => releaseName).join(", ")}.`,
    );
  }
  return release;
}
