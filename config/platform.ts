import { z } from "zod";
import { environment } from "./environments";

const text = z.string().min(1);

/**
 * What an app stack needs of the platform stack, as that one's output `platform` holds it. Unknown
 * fields are let through: a platform stack may be of a newer program than the app stacks that read it.
 */
export const platformFacts = z.object({
  environment,
  /** The environment's Gateway. */
  gateway: z.object({
    name: text,
    namespace: text,
    /** What allow-lists need to know; nothing where the gateway takes no middlewares. */
    clients: z.object({ forwardedBy: z.array(text) }).optional(),
  }),
  /** Host names that the gateway serves by HTTPS; all without it. */
  hostname: text.optional(),
  /** How clients reach the gateway. */
  scheme: z.enum(["http", "https"]).default("http"),
  /** Namespace of each team; empty where the platform stack declares no teams. */
  namespaces: z.record(z.string(), text),
  /** Pod Security level of each team's namespace; nothing where another program declares the teams. */
  podSecurity: z.record(z.string(), text).optional(),
  /** Each team's Secret for pulling images. */
  pullSecrets: z.record(z.string(), text).default({}),
  /** What counts the requests that apps are scaled by; nothing where the platform stack has no KEDA. */
  requestScaling: z.object({ prometheus: text }).optional(),
  /** Prometheus that checks of canaries ask; nothing where the platform stack knows none. */
  prometheus: text.optional(),
  /** Where apps send their traces; nothing where the platform stack declares no collectors. */
  tracesEndpoint: text.optional(),
  /** StorageClasses by what they are fit for; nothing where the platform stack declares none. */
  storageClasses: z.object({ block: z.array(text), shared: z.array(text) }).optional(),
  /** Names of the priority classes; nothing where the platform stack declares none. */
  priorityClasses: z.object({ platform: text, apps: text }).optional(),
});

/** @see {@link platformFacts} */
export type PlatformFacts = z.infer<typeof platformFacts>;
