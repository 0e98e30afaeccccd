import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayAddress } from "../shared/gateway-api";
import type { RequestLimits } from "../shared/middlewares";
import type { Release } from "./release";
import { appRoute, type RequestKind } from "./route";
import { roleService, type RoleServices, type Roles } from "./services";

/** An object that determines which release gets which share of the requests. */
type Move = "stable" | "canary" | "route";

/** Arguments of {@link roleObjects}. */
export interface RoleArgs extends Roles, RequestLimits {
  /** Host names, beginning with the domain. */
  hosts: string[];
  /** Prefixes of the paths. */
  paths: string[];
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
  /** Share of the canary, percent. */
  canaryWeight: number;
  /** Requests that go to the canary regardless of its weight: those that match any of these kinds. */
  canaryFor: RequestKind[];
  /**
   * Order in which the two Services and the route change; the changes of one group can happen in any order.
   * With it, no release ever gets more than the larger of its former and its requested share.
   */
  order: readonly (readonly Move[])[];
  /** Node port of the stable release. Default: none. */
  nodePort?: number;
  /** Resolves when requests may move. Default: immediately. */
  after?: pulumi.Output<unknown>;
  /** Set if an Ingress serves the app. Default: a route. */
  ingress?: object;
}

/** The objects that route requests to an app's releases. */
export interface RoleObjects {
  services: RoleServices;
  route?: k8s.apiextensions.CustomResource;
  /** Resolves after all of them are in place. */
  ready: pulumi.Output<unknown>;
}

/**
 * Declares the Services `<app>-stable` and `<app>-canary`, whose names never change and whose selectors
 * determine which release has the role, and the route. Each object changes only after the changes before it in
 * the order have taken effect, and none changes before every release whose share rises has the pods for it.
 */
export function roleObjects(
  app: string,
  args: RoleArgs,
  releases: Release[],
  parent: pulumi.Resource,
): RoleObjects {
  const { namespace, waiting } = args;
  const names = { stable: args.stable, canary: args.canary ?? args.stable };
  const rising = releases.filter(({ needed }) => needed > 0);
  const pods = rising.map((release) => waiting.afterPodsReady(release, namespace));
  // A preview waits for nothing, so that it knows every value.
  const earlier = args.after === undefined || pulumi.runtime.isDryRun() ? [] : [args.after];
  const enough = pulumi.all([...pods, ...earlier]);
  // A route that changes before its Services knows them by their names, which never change.
  const services: RoleServices = {
    stable: pulumi.output(`${app}-stable`),
    canary: pulumi.output(`${app}-canary`),
  };
  let route: k8s.apiextensions.CustomResource | undefined;

  const service = (role: "stable" | "canary", after: pulumi.Output<unknown>) => {
    const release = liveRelease(releases, names[role]);
    const declared = { service: `${app}-${role}`, namespace, release };
    const made = roleService(app, declared, waiting, after, parent);
    services[role] = waiting.reachableName(made, release);
    return services[role];
  };
  const change = (
    move: Move,
    after: pulumi.Output<unknown>,
    isLast: boolean,
  ): pulumi.Output<unknown>[] => {
    if (move !== "route") return [service(move, after)];
    if (args.ingress !== undefined) return [];
    const { canaryWeight } = args;
    const weight = pulumi.all([after]).apply(() => canaryWeight);
    route = appRoute(app, { ...args, canaryWeight: weight }, services, parent);
    // An update does not set a weight that was changed by hand if its own weight does not change.
    return [waiting.afterRouteServed(route.id, isLast ? undefined : canaryWeight)];
  };

  let after: pulumi.Output<unknown> = enough;
  for (const [index, group] of args.order.entries()) {
    const isLast = index === args.order.length - 1;
    const done = group.flatMap((move) => change(move, after, isLast));
    // A preview changes nothing, so nothing is waited for and every value is known.
    if (!pulumi.runtime.isDryRun()) after = pulumi.all([after, ...done]);
  }
  if (args.nodePort !== undefined) {
    const release = liveRelease(releases, args.stable);
    const fixed = { service: `${app}-nodeport`, namespace, release };
    const port = { type: "NodePort", nodePort: args.nodePort };
    roleService(app, fixed, waiting, enough, parent, port);
  }
  return { services, route, ready: after };
}

function liveRelease(releases: Release[], name: string): Release {
  const release = releases.find(({ releaseName }) => releaseName === name);
  if (release === undefined) {
    throw new Error(
      `Expected a live release, got ${name}; live releases: ${releases.map(({ releaseName }) => releaseName).join(", ")}.`,
    );
  }
  return release;
}
