import { z } from "zod";
import { supportedKubernetes } from "../versions/kubernetes";
import { apps, type AppConfig, type DeclaredApp } from "./app";
import { checkQueries } from "./app/check-queries";
import { appFiles } from "./app-files";
import { components } from "./components";
import { environment } from "./environments";
import { validPort, hasValidPort } from "./image-names";
import { webAddress } from "./web-address";
import { secretStore } from "./app/external-secrets";
import { freeze, override } from "./app/releases";
import { notifications } from "./notifications";
import { policy } from "./policy";
import { transforms } from "./transforms";
import { duration, durationFrom, host, labels, name } from "./values";

/** The cluster of this stack. It is explicit, so that no stack changes whatever cluster is current. */
export const cluster = z.strictObject({
  /** Path of the kubeconfig, relative to the project's folder. */
  kubeconfig: z.string().min(1),
  /** Context of that kubeconfig. */
  context: z.string().min(1),
  /**
   * UID of the cluster's `kube-system` namespace. A cluster with a different UID is refused. Not checked by
   * default.
   */
  uid: z.guid("the UID of the namespace kube-system, as kubectl prints it").optional(),
  /** Minor version of the cluster. A cluster with another version is refused. Not checked by default. */
  version: z.enum(supportedKubernetes).optional(),
});

/** When a canary is good enough, compared with the stable release over the same period. */
export const check = z.strictObject({
  /** Period that is checked. */
  window: durationFrom("1s").prefault("30m"),
  /**
   * Minimum number of requests: with 500, an error ratio of 1% can be distinguished from 3% with 99%
   * confidence.
   */
  minimumRequests: z.int().min(1).default(500),
  /** Error ratio of the canary, 0 to 1, that is always accepted. */
  maximumErrorRatio: z.number().min(0).max(1).default(0.01),
  /**
   * Maximum error ratio that stable's own errors can allow the canary, 0 to 1. If stable itself is above it, a canary
   * that is not clearly worse is inconclusive.
   */
  highestErrorRatio: z.number().min(0).max(1).default(0.05),
  /** Maximum ratio of the canary's error ratio to that of stable. */
  errorFactor: z.number().min(1).default(2),
  /** Quantile of the latency that is compared. */
  quantile: z.number().min(0.5).max(0.999).default(0.99),
  /** Maximum ratio of the canary's latency to that of stable. The default leaves room for a cold cache. */
  latencyFactor: z.number().min(1).default(1.5),
  /** Maximum number of restarts of the canary's containers. A single restart is a crash. */
  maximumRestarts: z.int().min(0).default(0),
  /** Shorter periods that must also pass: half an hour hides an error that began five minutes ago. */
  windows: z.array(durationFrom("1s")).default([]),
  /** How long a passing check allows a promotion. */
  validFor: durationFrom("1s").prefault("1d"),
  /**
   * Your own PromQL queries, by name; `$namespace`, `$service`, `$release` and `$window` are those of the
   * canary.
   */
  queries: checkQueries.default({}),
});

/** A stack of this or another project. */
const stackName = z
  .string()
  .regex(
    /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*){2}$/,
    "a stack with its organization and project, for example organization/platform/prod",
  );

/** What a release must pass before it becomes stable. */
export const releasePolicy = z.strictObject({
  /** Whether a version must have been a canary in this stack before it becomes stable. */
  forcedCanary: z.boolean().default(true),
  /** How long it must have been a canary. */
  soak: duration.prefault("24h"),
  /** Whether it also needs a passing `npx platform release check`. */
  checkRequired: z.boolean().default(true),
  /**
   * Stack in which a version must have been stable, or have passed its check, before it is released in this stack.
   * The record of the app with the same name there proves it. Default: none, and any version may be released.
   */
  requires: stackName.optional(),
  /** Former stable releases that keep running for an instant rollback. */
  retain: z.int().min(0).max(5).default(1),
  /** What a second release during a canary does: take its place, or fail the preview. */
  secondRelease: z.enum(["supersede", "refuse"]).default("refuse"),
  /**
   * Prometheus that `npx platform release check` queries. Default: the one of the component `monitoring` in
   * this stack or its platform stack, at its address inside the cluster.
   */
  prometheus: webAddress("an address such as https://prometheus.example.com").optional(),
  check: check.prefault({}),
  /**
   * Why these rules are weaker than those of the last update. Without it, the rules of the last update stay in
   * force.
   */
  weaker: override.optional(),
});

/** Nodes of one kind, by their labels. */
export const nodeGroup = z.strictObject({
  /** Labels that every node of the group has. */
  labels: labels.refine(
    (map) => Object.keys(map).length > 0,
    "expected at least one label, got none",
  ),
  /** Whether only apps that name the group may run on its nodes, which have a taint for this. */
  exclusive: z.boolean().default(false),
});

/** Container images of the platform. */
export const images = z.strictObject({
  /** Prefix of an internal mirror that contains every image of the platform. Default: the publishers' registries. */
  mirror: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
      "a registry address without a scheme or a final slash, such as mirror.example.com:5000/images",
    )
    .refine(hasValidPort, validPort)
    .optional(),
  /**
   * Whether pods also name the platform's images by the digests in the table. Use `ignored` if a registry has
   * different images under the same tags, such as locally built ones.
   */
  digests: z.enum(["used", "ignored"]).default("used"),
});

/** The whole config of one stack, by the keys without `platform:`. */
export const stackShape = {
  environment,
  /** Domain of the platform's own web UIs. */
  domain: host,
  cluster,
  components: components.prefault({}),
  /**
   * Stack that declares the platform for this one, which then contains only apps. Without it, this stack declares
   * the platform itself.
   */
  platformStack: stackName.optional(),
  releases: releasePolicy.prefault({}),
  /** A freeze of the whole stack: no release of any app changes. Default: none. */
  freeze: freeze.optional(),
  /** Freezes of teams, by name of the team: no release of the team's apps changes. */
  teamFreezes: z.record(name, freeze).default({}),
  /** Receivers of each transition of a release. The command that causes it sends the message. */
  notifications: notifications.default([]),
  /**
   * Branch whose test environment this stack is, next to the common one. Without it, the stack is the common
   * environment.
   */
  branch: z.string().min(1).max(200).optional(),
  /**
   * Groups of nodes, by name. Apps select one with `nodeGroup`, the platform's own parts with
   * `components.placement`.
   */
  nodeGroups: z.record(name, nodeGroup).default({}),
  /** Stores of the External Secrets operator that apps can name. */
  secretStores: z.record(name, secretStore).default({}),
  /** Where the images of the platform come from. */
  images: images.prefault({}),
  policy: policy.prefault({}),
  /**
   * Fields of objects of the platform's parts that no other key sets, by object: `Deployment dashboard/headlamp`, or
   * `ClusterRole prometheus` without a namespace.
   */
  transforms: transforms.default({}),
  apps: apps.default({}),
  /**
   * Files that declare one app each, named `<app>.yaml`: folders, files or patterns below `apps/`. Without it, all
   * apps are in `apps` of this file.
   */
  appFiles: appFiles.optional(),
};

/** The schema of a whole stack, for descriptions of it; `config/read.ts` parses key by key. */
export const stackSchema = z.strictObject(stackShape);

/** The keys of a stack, each parsed. */
export type StackSections = z.infer<typeof stackSchema>;
/** @see {@link stackShape} */
export type StackConfig = Omit<StackSections, "apps"> & {
  /** Apps with a stable release, by name. */
  apps: Record<string, AppConfig>;
  /**
   * Apps before their first release. Their team, image project, robot account, pull Secret and pipeline exist,
   * so that a first image can be built. They have no pods and no route.
   */
  unreleased: Record<string, DeclaredApp>;
};
/** @see {@link cluster} */
export type ClusterConfig = z.infer<typeof cluster>;
