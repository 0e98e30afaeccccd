import { z } from "zod";
import { agentNames } from "../../versions/app-runtimes";
import { environment } from "../environments";
import { blockStorageClass } from "../storage-class";
import { anyImage, registryHost } from "../image-names";
import { webAddress } from "../web-address";
import { bytes, cpu, gitRepository, host, name, resources } from "../values";

const address = webAddress("an address such as https://ci.example.com");

/** Who may log in, and who says so. */
const login = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("local") }),
  z.strictObject({
    type: z.literal("oidc"),
    /** Address of the provider's `/.well-known/openid-configuration`. */
    discovery: address,
    clientId: z.string().min(1),
    /** Secret in namespace `ci` whose key `client-secret` holds the client's secret. */
    secret: name,
    /** Claim that lists a user's groups. */
    groupsClaim: z.string().min(1).default("groups"),
  }),
]);

/** Where the backups are copied to, off the machine that made them. */
const backupTarget = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("volume"),
    /** Best a class of another storage system than Jenkins' own; the cluster's default without it. */
    storageClass: name.optional(),
    size: bytes.default("20Gi"),
  }),
  z.strictObject({
    type: z.literal("s3"),
    endpoint: address,
    bucket: z.string().min(3).max(63),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9._/-]+$/, "a path of letters, digits, dots, dashes and slashes")
      .default("jenkins"),
    /** Secret in namespace `ci` whose key `credentials` is a credentials file of the AWS tools. */
    secret: name,
  }),
]);

/** The stack of an environment. */
const target = z.strictObject({
  stack: z.string().min(1),
  /** Whether a canary must pass `npx platform release check` before a pipeline promotes it. */
  check: z.boolean().default(true),
});

/** What builds run in. */
const agentKinds = [...agentNames, "image", "platform"] as const;

/** Continuous integration: Jenkins in the cluster, or one that exists elsewhere. */
export const ci = z.strictObject({
  /** A Jenkins outside of the cluster; nothing is declared then. */
  external: z.strictObject({ address }).optional(),
  /** Host name of its pages and API; `ci.` and the stack's domain without it. */
  host: host.optional(),
  /** This repository, which the pipelines take their library from and send releases to. */
  repository: z
    .strictObject({
      url: gitRepository,
      branch: z.string().min(1).default("main"),
      /** Secret in namespace `ci` with the keys `username` and `password`, for this and the apps' repositories. */
      secret: name.optional(),
    })
    .optional(),
  /** Environments that a pipeline may release to, each with its stack. */
  stacks: z.partialRecord(environment, target).default({}),
  /** Host of the image registry; `harbor.` and the stack's domain without it. */
  registry: registryHost.optional(),
  login: login.default({ type: "local" }),
  /** Groups of the login's provider that may do everything; a team's own groups are its tenancy's. */
  administrators: z.array(z.string().min(1)).default([]),
  /** Class of the controller's volumes, block storage; the cluster's default without it. */
  storageClass: blockStorageClass.optional(),
  /** Volume of Jenkins' home: jobs, builds and their logs. */
  home: bytes.default("20Gi"),
  resources: resources.default({
    requests: { cpu: "500m", memory: "2Gi" },
    limits: { cpu: "2", memory: "4Gi" },
  }),
  /**
   * Update centre that plugins are downloaded from, instead of the project's own. It serves
   * `update-center.json`, `plugin-versions.json` and `download/plugins/<name>/<version>/<name>.hpi`.
   */
  pluginMirror: address.optional(),
  /**
   * Secret whose key `ca.crt` has the certificates of the company's own authorities, in namespaces `ci`,
   * `ci-agents` and `ci-images`: Jenkins, the agents that push images and the builders trust them
   * besides the public ones.
   */
  caBundle: name.optional(),
  /** Where images are scanned with: repositories of Trivy's databases, instead of their publisher's. */
  scan: z
    .strictObject({
      /** Repository of the database of weaknesses, for example `harbor.example.com/mirror/trivy-db:2`. */
      database: anyImage.optional(),
      /** Repository of the index of Java archives. */
      javaDatabase: anyImage.optional(),
    })
    .default({}),
  agents: z
    .strictObject({
      /** Sum over all agents that run at once. */
      quota: z
        .strictObject({ cpu, memory: bytes, pods: z.int().min(1).max(1_000) })
        .default({ cpu: "16", memory: "32Gi", pods: 20 }),
      /** Images to build in by the agent's name, instead of the stack's base images and the public ones. */
      images: z.partialRecord(z.enum(agentKinds), anyImage).default({}),
    })
    .prefault({}),
  /** Daemons that build images; each keeps a cache of layers. */
  builder: z
    .strictObject({ replicas: z.int().min(1).max(20).default(1), cache: bytes.default("50Gi") })
    .prefault({}),
  backup: z
    .strictObject({
      /** Volume that backups are first written to. */
      size: bytes.default("20Gi"),
      target: backupTarget.prefault({ type: "volume" }),
    })
    .prefault({}),
});

/** @see {@link ci} */
export type CiConfig = z.infer<typeof ci>;
