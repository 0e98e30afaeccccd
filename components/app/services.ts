import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";
import type { Release } from "./release";

/** Annotation of a role's Service: key of the release that it selects, for example `1.5.0-r2`. */
export const releaseAnnotation = "platform/release";

/** Port of both Services. */
export const servicePort = 80;

/** The two Services between which the route divides the requests. */
export interface RoleServices {
  stable: k8s.core.v1.Service;
  canary: k8s.core.v1.Service;
}

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
  parent: pulumi.Resource,
): RoleServices {
  const service = (role: "stable" | "canary", releaseName: string) =>
    roleService(`${app}-${role}`, app, roles.namespace, live(releases, releaseName), parent);
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
        annotations: { [releaseAnnotation]: release.key },
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
