import * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../components/app";
import type { CalledApp } from "../components/app/calls";
import { bytesOf, lookup, namespaceOf, nodeGroupsOf, nodePortOf, type AppConfig } from "../config";
import { calleeOf } from "../config/app/calls";
import { readyWithin } from "../config/app/deadline";
import { isAutoscaled, isWorker, workerReplicas } from "../config/app/kinds";
import { workerPodsIn } from "./capacity";
import type { AppOutput } from "./app-output";
import type { AppPlatform, AppStack } from "./app-platform";
import { Migrations } from "./wait/migration";
import { ownAppsBefore, takesStep } from "./groups";
import { precedingApps } from "./handovers";
import { jobTimes } from "./jobs";
import { WorkerAvailability } from "./wait/worker-pods";
import { RouteAcceptance } from "./wait/route-acceptance";
import { ServiceEndpoints } from "./wait/service-endpoints";
import { entranceOf, RecordedFacts } from "./wait/recorded";
import { rolesOf, trafficOf, type PlannedApp } from "./releases";

/** The part of a stack's outputs that is about its apps. */
export type AppOutputs = {
  /** The URL of each app, the share of each of its releases, and its minimum number of pods. */
  apps: Record<string, AppOutput & { url?: unknown; traffic: object }>;
  /** What the next update needs to know about each app's releases. */
  releases: Record<string, pulumi.Output<unknown>>;
};

/** An app that is declared. */
interface DeclaredApp {
  name: string;
  facts: AppOutputs["apps"][string];
  record?: pulumi.Output<unknown>;
  /** Resolved after the app's step is done. */
  ready: pulumi.Output<unknown>;
}

/**
 * Declares every app with its live releases. In a release group, the steps of a wave come after those of the
 * previous wave. An app that gives up a host comes after the app that takes it over.
 */
export function declareApps(
  stack: AppStack,
  planned: PlannedApp[],
  { namespaces = {}, pullSecrets = {}, placement, ...platform }: AppPlatform,
  opts: pulumi.ComponentResourceOptions,
): AppOutputs {
  const routes = new RouteAcceptance(stack.cluster);
  const migrations = new Migrations(stack.cluster);
  const endpoints = new ServiceEndpoints(stack.cluster);
  const available = new WorkerAvailability(stack.cluster);
  const recordedFacts = new RecordedFacts(stack.cluster);
  const nodeGroups = nodeGroupsOf(stack);
  const { groups } = stack;
  const byName = new Map(planned.map((each) => [each.name, each]));
  const preceding = precedingApps(
    planned,
    (name) => (groups === undefined ? [] : ownAppsBefore(groups, name, (each) => byName.has(each))),
    (name) => planned.some((each) => each.name === name && takesStep(each.plan)),
  );
  const made = new Map<string, DeclaredApp>();
  const declareOne = (each: PlannedApp): DeclaredApp => {
    const { name, app, plan, recorded } = each;
    const earlier = (preceding.get(name) ?? []).map((other) => declaredApp(other).ready);
    const namespace = namespaceOf(app.team, stack);
    const roles = rolesOf(each);
    const timeout = deadlineOf(app, roles.releases);
    const { url, record, ready } = new App(
      name,
      {
        ...platform,
        context: { ...platform.context, placement },
        ...app,
        ...roles,
        cron: jobTimes(app, plan),
        after: earlier.length === 0 ? undefined : pulumi.all(earlier),
        namespace: lookup(namespaces, app.team) ?? namespace,
        calls: calledApps(app, stack, namespaces),
        maxBodyBytes: app.maxBodySize === undefined ? undefined : bytesOf(app.maxBodySize),
        pullSecret: lookup(pullSecrets, app.team),
        nodePort: app.number && nodePortOf(stack.environment, app.number),
        nodeGroups,
        secretStores: stack.secretStores,
        waiting: {
          ...endpoints.waiting(timeout),
          afterMigration: (job, release) => migrations.waitFor(job, release),
          afterRouteServed: (route, weight) => routes.waitFor(route, weight),
        },
        workerWaiting: available.waiting(timeout),
        recorded: (ready) =>
          recordedFacts.record(name, namespace, plan, entranceTo(each), recorded, ready),
      },
      opts,
    );
    const scaling = minimumPodsOf(app);
    const facts = { ...(url && { url }), namespace, traffic: trafficOf(plan), scaling };
    return { name, facts, record, ready };
  };
  const declaredApp = (name: string): DeclaredApp => {
    const known = made.get(name) ?? declareOne(byName.get(name)!);
    made.set(name, known);
    return known;
  };
  const declared = planned.map(({ name }) => declaredApp(name));
  return {
    apps: Object.fromEntries(declared.map(({ name, facts }) => [name, facts])),
    releases: Object.fromEntries(
      declared.flatMap(({ name, record }) => (record === undefined ? [] : [[name, record]])),
    ),
  };
}

/** Returns the time within which the pods of all releases of an app must be ready, seconds. */
export function deadlineOf(
  { progressDeadlineSeconds }: Pick<AppConfig, "progressDeadlineSeconds">,
  releases: AppArgs["releases"],
): number {
  return Math.max(
    ...releases.map(({ template }) => readyWithin(template, progressDeadlineSeconds)),
  );
}

/** Returns how requests reach an app after an update, or how many pods each release of a worker has. */
function entranceTo({ app, capacity }: PlannedApp) {
  return {
    entrance: entranceOf(app),
    ...(isWorker(app) && { workerPods: workerPodsIn(capacity) }),
  };
}

/** Returns what an app's config says about its number of pods. */
export function minimumPodsOf(app: Pick<AppConfig, "kind" | "scaling">): AppOutput["scaling"] {
  const { min, rest } = app.scaling;
  if (isWorker(app)) return isAutoscaled(app) ? { min } : { replicas: workerReplicas(app) };
  return { min, ...(rest === undefined ? {} : { rest }) };
}

/** Returns the apps that an app calls, with their namespaces; none if no namespace is closed. */
function calledApps(
  { team, calls }: AppConfig,
  stack: AppStack,
  namespaces: Record<string, pulumi.Output<string>>,
): CalledApp[] {
  // The first policy that selects a pod closes it, although it was open.
  const isClosed = (of: string) => namespaceIsClosed(of, stack);
  if (!isClosed(team)) return [];
  return calls
    .map((call) => calleeOf(call, team))
    .filter((callee) => isClosed(callee.team))
    .map((callee) => ({
      ...callee,
      namespace: lookup(namespaces, callee.team) ?? namespaceOf(callee.team, stack),
    }));
}

function namespaceIsClosed(team: string, { components, platform }: AppStack): boolean {
  const declared: Record<string, unknown> = platform?.namespaces ?? components.tenancy?.teams ?? {};
  return lookup(declared, team) !== undefined;
}
