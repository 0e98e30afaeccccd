import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectLabels, type SelectorLabels } from "../shared/labels";
import { declareService } from "../shared/service";
import type { Release } from "./release";

/** Annotation of a role's Service: key of the release that it selects, for example `1.5.0-r2`. */
export const releaseAnnotation = "platform/release";

/** Port of both Services. */
export const servicePort = 80;

/** The names of the two Services between which the route divides the requests. */
export interface RoleServices {
  stable: pulumi.Output<string>;
  canary: pulumi.Output<string>;
}

/** A Service that is to select a release's pods. */
export interface Role {
  service: string;
  namespace: pulumi.Input<string>;
  release: Release;
}

/** What is waited for on the way of requests to a release. */
export interface Waiting {
  /** Gives the labels of a release's pods once its Service may select them. */
  selectable(role: Role): pulumi.Output<SelectorLabels>;
  /** Gives the name of a release's Service once requests can be sent to it. */
  leading(service: k8s.core.v1.Service, release: Release): pulumi.Output<string>;
}

/** Waits for nothing but the objects themselves. */
export const nothing: Waiting = {
  selectable: ({ release }) => pulumi.output(release.selector),
  leading: ({ metadata }) => metadata.name,
};

interface Roles {
  namespace: pulumi.Input<string>;
  stable: string;
  canary?: string;
  waiting: Waiting;
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
  parent: pulumi.Resource,
): RoleServices {
  const { namespace, waiting } = roles;
  const service = (role: "stable" | "canary", releaseName: string) => {
    const release = live(releases, releaseName);
    const declared = { service: `${app}-${role}`, namespace, release };
    return waiting.leading(roleService(app, declared, waiting, parent), release);
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
  { namespace, stable, nodePort, waiting }: Roles & { nodePort: number },
  releases: Release[],
  parent: pulumi.Resource,
): void {
  const role = { service: `${app}-nodeport`, namespace, release: live(releases, stable) };
  roleService(app, role, waiting, parent, { type: "NodePort", nodePort });
}

function roleService(
  app: string,
  role: Role,
  waiting: Waiting,
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
        selector: waiting.selectable(role),
        ports: [{ name: "http", port: servicePort, targetPort: "http", nodePort }],
      },
    },
    // The labels alone do not say that the release must be ready first.
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
