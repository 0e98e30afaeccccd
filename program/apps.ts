import type * as pulumi from "@pulumi/pulumi";
import { App } from "../components/app";
import { bytesOf, namespaceOf, nodeGroupsOf, nodePortOf, own } from "../config";
import type { AppPlatform, AppStack } from "./app-platform";
import { RouteAcceptance } from "./wait/route-acceptance";
import { ServiceEndpoints } from "./wait/service-endpoints";
import { RecordedFacts } from "./wait/recorded";
import { rolesOf, trafficOf, type PlannedApp } from "./releases";

/** What a stack's outputs say of its apps. */
export type AppOutputs = {
  /** Where each app is reached, and who gets which share of its requests. */
  apps: Record<string, object>;
  /** What the next update needs to know of each app's releases. */
  releases: Record<string, pulumi.Output<unknown>>;
};

/** Declares every app with its live releases. */
export function declareApps(
  stack: AppStack,
  planned: PlannedApp[],
  { namespaces = {}, pullSecrets = {}, placement, ...platform }: AppPlatform,
  opts: pulumi.ComponentResourceOptions,
): AppOutputs {
  const routes = new RouteAcceptance(stack.cluster);
  const endpoints = new ServiceEndpoints(stack.cluster);
  const facts = new RecordedFacts(stack.cluster);
  const nodeGroups = nodeGroupsOf(stack);
  const declared = planned.map(({ name, app, plan, capacity, recorded }) => {
    const namespace = namespaceOf(app.team, stack);
    const { url, record } = new App(
      name,
      {
        ...platform,
        context: { ...platform.context, placement },
        ...app,
        ...rolesOf(plan, capacity),
        namespace: own(namespaces, app.team) ?? namespace,
        maxBodyBytes: app.maxBodySize === undefined ? undefined : bytesOf(app.maxBodySize),
        pullSecret: own(pullSecrets, app.team),
        nodePort: app.number && nodePortOf(stack.environment, app.number),
        nodeGroups,
        waiting: {
          ...endpoints.waiting(app.progressDeadlineSeconds),
          served: (route) => routes.of(route),
        },
        recorded: (ready) => facts.of(name, namespace, plan, recorded, ready),
      },
      opts,
    );
    return { name, facts: { url, namespace, traffic: trafficOf(plan) }, record };
  });
  return {
    apps: Object.fromEntries(declared.map(({ name, facts }) => [name, facts])),
    releases: Object.fromEntries(
      declared.flatMap(({ name, record }) => (record === undefined ? [] : [[name, record]])),
    ),
  };
}
