import { z } from "zod";
import { environment } from "./environments";
import { platformEntrances } from "./platform-entrances";

const text = z.string().min(1);

/**
 * What an app stack needs from the platform stack: the output `platform`. Unknown fields are accepted, because
 * a platform stack can use a newer program than the app stacks that read it.
 */
export const platformFacts = z.object({
  environment,
  /** The environment's Gateway. */
  gateway: z.object({
    name: text,
    namespace: text,
    /** How allow-lists and rate limits identify clients; omitted if the gateway has no middlewares. */
    clients: z.object({ forwardedBy: z.array(text) }).optional(),
  }),
  /** Host names that the gateway serves over HTTPS; all if omitted. */
  hostname: text.optional(),
  /** Hosts and ports that the platform itself uses; omitted by a platform stack of an older program. */
  entrances: platformEntrances.optional(),
  /** How clients reach the gateway. */
  scheme: z.enum(["http", "https"]).default("http"),
  /** Namespace of each team; empty if the platform stack declares no teams. */
  namespaces: z.record(z.string(), text),
  /** Pod Security level of each team's namespace; omitted if another program declares the teams. */
  podSecurity: z.record(z.string(), text).optional(),
  /** Each team's Secret for pulling images. */
  pullSecrets: z.record(z.string(), text).default({}),
  /**
   * The Prometheus that counts the requests that apps are scaled by; omitted if the platform stack has no KEDA.
   */
  requestScaling: z.object({ prometheus: text }).optional(),
  /** Prometheus that checks of canaries query; omitted if the platform stack has none. */
  prometheus: text.optional(),
  /** Where apps send their traces; omitted if the platform stack declares no collectors. */
  tracesEndpoint: text.optional(),
  /** StorageClasses by kind; omitted if the platform stack declares none. */
  storageClasses: z.object({ block: z.array(text), shared: z.array(text) }).optional(),
  /** Hosts from which pipelines build apps; omitted if the platform stack declares no Jenkins. */
  repositoryHosts: z.array(text).optional(),
  /**
   * Stores of the External Secrets operator, with the keys that apps can read; omitted if the platform stack lists none,
   * and by a platform stack of an older program. Then only the app stack's own rules apply.
   */
  secretStores: z
    .record(z.string(), z.object({ kind: text, keys: z.array(z.string()).min(1).optional() }))
    .optional(),
  /** Names of the priority classes; omitted if the platform stack declares none. */
  priorityClasses: z.object({ platform: text, apps: text }).optional(),
});

/** @see {@link platformFacts} */
export type PlatformFacts = z.infer<typeof platformFacts>;
