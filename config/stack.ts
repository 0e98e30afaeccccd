import { z } from "zod";
import { supportedKubernetes } from "../versions/kubernetes";
import { apps, type AppConfig, type DeclaredApp } from "./app";
import { checkQueries } from "./app/check-queries";
import { appFiles } from "./app-files";
import { components } from "./components";
import { environment } from "./environments";
import { goodPort, hasGoodPort } from "./image-names";
import { webAddress } from "./web-address";
import { secretStore } from "./app/external-secrets";
import { freeze, override } from "./app/releases";
import { notifications } from "./notifications";
import { policy } from "./policy";
import { duration, host, labels, name } from "./values";

/** Where this stack's objects go. Explicit, so that no stack touches an ambient cluster. */
export const cluster = z.strictObject({
  /** Path of the kubeconfig, from the project's folder. */
  kubeconfig: z.string().min(1),
  /** Context of that kubeconfig. */
  context: z.string().min(1),
  /** UID of the cluster's `kube-system` namespace; a cluster with another one is refused. */
  uid: z.guid("the UID of the namespace kube-system, as kubectl prints it").optional(),
  /** Minor version of the cluster; one of another version is refused. Unchecked without it. */
  version: z.enum(supportedKubernetes).optional(),
});

/** When a canary is good enough, measured against stable over the same window. */
export const check = z.strictObject({
  /** What is looked back on. */
  window: duration.prefault("30m"),
  /** Requests that a check needs: at 500, 1% of errors can be distinguished from 3% with 99% confidence. */
  minimumRequests: z.int().min(1).default(500),
  /** Highest share of errors, 0 to 1, regardless of stable. */
  maximumErrorRatio: z.number().min(0).max(1).default(0.01),
  /**
   * Highest share of errors, 0 to 1, that stable's own may allow the canary. Above it stable is ill,
   * and a canary that is no worse is inconclusive.
   */
  highestErrorRatio: z.number().min(0).max(1).default(0.05),
  /** How many times stable's share of errors the canary may have. */
  errorFactor: z.number().min(1).default(2),
  /** Quantile of the latency that is compared. */
  quantile: z.number().min(0.5).max(0.999).default(0.99),
  /** How many times stable's latency the canary may have; the rest is room for a cold cache. */
  latencyFactor: z.number().min(1).default(1.5),
  /** Restarts that are forgiven; one is a crash already. */
  maximumRestarts: z.int().min(0).default(0),
  /** Shorter windows that must pass as well: half an hour hides an error that began five minutes ago. */
  windows: z.array(duration).default([]),
  /** For how long a passing check lets the canary be promoted. */
  validFor: duration.prefault("1d"),
  /** PromQL of your own, by name; `$namespace`, `$service`, `$release` and `$window` are the canary's. */
  queries: checkQueries.default({}),
});

/** A stack of this or another project. */
const stackName = z
  .string()
  .regex(
    /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*){2}$/,
    "a stack with its organization and project, for example organization/platform/prod",
  );

/** What a release must have gone through before it becomes stable. */
export const releasePolicy = z.strictObject({
  /** Whether a version must have been canary in this stack before it is stable. */
  forcedCanary: z.boolean().default(true),
  /** How long it must have been canary. */
  soak: duration.prefault("24h"),
  /** Whether a passing `npx platform release check` is needed as well. */
  checkRequired: z.boolean().default(true),
  /**
   * Stack in which a version must have been stable, or have passed its check, before it is released
   * in this one; an app's record of the same name proves it.
   */
  requires: stackName.optional(),
  /** Former stable releases that keep running for an instant rollback. */
  retain: z.int().min(0).max(5).default(1),
  /** What a second release during a canary does: take its place, or fail the preview. */
  secondRelease: z.enum(["supersede", "refuse"]).default("refuse"),
  /**
   * Prometheus that `npx platform release check` asks; without it, the one of the component `monitoring`
   * of this stack or of its platform stack, at its address inside the cluster.
   */
  prometheus: webAddress("an address such as https://prometheus.example.com").optional(),
  check: check.prefault({}),
  /** Why these rules are weaker than the last update's; without it, that one's stay in force. */
  weaker: override.optional(),
});

/** Machines of a kind, by the labels that they carry. */
export const nodeGroup = z.strictObject({
  labels: labels.refine(
    (map) => Object.keys(map).length > 0,
    "expected at least one label, got none",
  ),
  /** Whether only apps that name the group may run there; the nodes carry a taint for it. */
  exclusive: z.boolean().default(false),
});

/** Container images: where they come from. */
export const images = z.strictObject({
  /** Prefix of an internal mirror that carries every image of the platform. */
  mirror: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
      "a registry address without a scheme or a final slash, such as mirror.example.com:5000/images",
    )
    .refine(hasGoodPort, goodPort)
    .optional(),
  /**
   * Whether pods name the platform's images by the digests of the table as well; `ignored` where a
   * registry has other images under the same tags, as local machines have.
   */
  digests: z.enum(["used", "ignored"]).default("used"),
});

/** The whole config of one stack, by the keys that stand behind `platform:`. */
export const stackShape = {
  environment,
  /** Domain under which the platform's own pages are served. */
  domain: host,
  cluster,
  components: components.prefault({}),
  /** Stack that declares the platform of this one, which has only apps then. */
  platformStack: stackName.optional(),
  releases: releasePolicy.prefault({}),
  /** No release of any app changes until then. */
  freeze: freeze.optional(),
  /** No release of a team's apps changes until then, by the team's name. */
  teamFreezes: z.record(name, freeze).default({}),
  /** Receivers of each transition of a release; the commands that make it send the message. */
  notifications: notifications.default([]),
  /** Branch whose test environment this stack is, beside the common one. */
  branch: z.string().min(1).max(200).optional(),
  nodeGroups: z.record(name, nodeGroup).default({}),
  /** Stores of the External Secrets operator that apps may name. */
  secretStores: z.record(name, secretStore).default({}),
  images: images.prefault({}),
  policy: policy.prefault({}),
  apps: apps.default({}),
  /** Files that declare an app each, named `<app>.yaml`: folders, files or patterns below `apps/`. */
  appFiles: appFiles.optional(),
};

/** A whole stack, for those who describe it; `config/read.ts` parses key by key. */
export const stackSchema = z.strictObject(stackShape);

/** The keys of a stack, each parsed. */
export type StackSections = z.infer<typeof stackSchema>;
/** @see {@link stackShape} */
export type StackConfig = Omit<StackSections, "apps"> & {
  /** Apps with a stable release, by name. */
  apps: Record<string, AppConfig>;
  /**
   * Apps before their first release. Their team, image project, robot account, pull Secret and
   * pipeline exist, so that a first image can be built; they have no pods and no route.
   */
  unreleased: Record<string, DeclaredApp>;
};
/** @see {@link cluster} */
export type ClusterConfig = z.infer<typeof cluster>;
/** @see {@link releasePolicy} */
export type ReleasePolicyConfig = z.infer<typeof releasePolicy>;
