import { z } from "zod";
import { agentNames } from "../../versions/app-runtimes";
import { environment } from "../environments";
import { blockStorageClass } from "../storage-class";
import { anyImage, registryHost } from "../image-names";
import { branch, bucket, stackReference } from "../outside-names";
import { webAddress } from "../web-address";
import { gitRepository } from "../repositories";
import { resources } from "../resources";
import { bytes, cpu, host, name } from "../values";

const address = webAddress("an address such as https://ci.example.com");

/** How people log in. */
const login = z.discriminatedUnion("type", [
  z.strictObject({
    /** One account, `admin`, whose password is generated. */
    type: z.literal("local"),
  }),
  z.strictObject({
    /** People log in at the company's OpenID provider. */
    type: z.literal("oidc"),
    /** URL of the provider's `/.well-known/openid-configuration`. */
    discovery: address,
    /** ID of Jenkins as a client of the provider. */
    clientId: z.string().min(1),
    /** Secret in namespace `ci` whose key `client-secret` contains the client's secret. */
    secret: name,
    /** Claim that lists a user's groups. */
    groupsClaim: z.string().min(1).default("groups"),
  }),
]);

/** Where the backups are copied to, away from the node that made them. */
const backupTarget = z.discriminatedUnion("type", [
  z.strictObject({
    /** A second volume of the cluster. */
    type: z.literal("volume"),
    /**
     * StorageClass of that volume, preferably of a different storage system from that of Jenkins. Default: the
     * cluster's default class.
     */
    storageClass: name.optional(),
    /** Size of that volume. */
    size: bytes.default("20Gi"),
  }),
  z.strictObject({
    /** A bucket of S3-compatible storage. */
    type: z.literal("s3"),
    /** Address of the storage's S3 API. */
    endpoint: address,
    /** Bucket of the backups. It must exist. */
    bucket,
    /** Folder of the bucket. */
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
  /** Stack of the environment, alone or with its organization and project. */
  stack: stackReference,
  /** Whether a canary must pass `npx platform release check` before a pipeline promotes it. */
  check: z.boolean().default(true),
});

/** Names of the agents that builds run in. */
const agentKinds = [...agentNames, "image", "platform"] as const;

/** Continuous integration: Jenkins in the cluster, or one that exists elsewhere. */
export const ci = z.strictObject({
  /** An existing Jenkins outside the cluster. Default: Jenkins in the cluster. */
  external: z
    .strictObject({
      /** URL of its web UI and API. */
      address,
    })
    .optional(),
  /** Host name of its web UI and API. Default: `ci.<stack domain>`. */
  host: host.optional(),
  /**
   * This repository. The pipelines load their library from it, and push releases to it. Without it, only an
   * `external` Jenkins is valid.
   */
  repository: z
    .strictObject({
      /** Address of the repository over HTTPS. */
      url: gitRepository,
      /** Branch that pipelines load and push to. */
      branch: branch.default("main"),
      /**
       * URL of the API of its GitLab, for comments on merge requests, if GitLab is served under a path: for example
       * `https://git.example.com/gitlab/api/v4`. Default: `/api/v4` on the server of `url`.
       */
      api: address.optional(),
      /**
       * Secret in namespace `ci` with the keys `username` and `password`, for this repository and those of the apps
       * on the same host. No other host gets them. Without it, repositories are read without credentials, and
       * pipelines cannot push.
       */
      secret: name.optional(),
    })
    .optional(),
  /**
   * Hosts of apps' repositories in addition to that of this repository, for example `github.com`. They are read
   * without credentials.
   */
  repositoryHosts: z.array(host).default([]),
  /** Environments that a pipeline can release to, each with its stack. */
  stacks: z.partialRecord(environment, target).default({}),
  /** Host of the image registry. Default: `harbor.<stack domain>`. */
  registry: registryHost.optional(),
  /** How people log in: with one local account, or at an OpenID provider. */
  login: login.default({ type: "local" }),
  /** Groups of the OpenID provider that have all permissions. The groups of a team are set in `tenancy`. */
  administrators: z.array(z.string().min(1)).default([]),
  /** StorageClass of the controller's volumes, block storage. Default: the cluster's default class. */
  storageClass: blockStorageClass.optional(),
  /** Volume of Jenkins' home: jobs, builds and their logs. */
  home: bytes.default("20Gi"),
  /** CPU, memory and disk of the controller. */
  resources: resources.default({
    requests: { cpu: "500m", memory: "2Gi" },
    limits: { cpu: "2", memory: "4Gi" },
  }),
  /**
   * Update center from which plugins are downloaded. Default: the Jenkins project's own. A mirror serves
   * `update-center.json`, `plugin-versions.json` and `download/plugins/<name>/<version>/<name>.hpi`.
   */
  pluginMirror: address.optional(),
  /**
   * Secret whose key `ca.crt` contains the certificates of the company's own certificate authorities, in the
   * namespaces `ci`, `ci-agents` and `ci-images`. Jenkins, the agents that push images and the builders trust them
   * in addition to the public ones. Default: only the public ones.
   */
  caBundle: name.optional(),
  /** Databases for the scan of images: repositories of Trivy's databases, instead of their publisher's. */
  scan: z
    .strictObject({
      /**
       * Repository of the vulnerability database, for example `harbor.example.com/mirror/trivy-db:2`. Default: its
       * publisher's.
       */
      database: anyImage.optional(),
      /** Repository of the index of Java archives. Default: its publisher's. */
      javaDatabase: anyImage.optional(),
    })
    .default({}),
  /** Agents that run builds, as pods of namespace `ci-agents`. */
  agents: z
    .strictObject({
      /** Sum of the requests of all agents that run at the same time. */
      quota: z
        .strictObject({
          /** CPU in cores (`2`, `0.5`) or millicores (`250m`). */
          cpu,
          /** Memory with a binary unit: `Mi`, `Gi` or `Ti`. */
          memory: bytes,
          /** Number of agents. */
          pods: z.int().min(1).max(1_000),
        })
        .default({ cpu: "16", memory: "32Gi", pods: 20 }),
      /** Images to build in, by the agent's name, instead of the stack's base images and the public ones. */
      images: z.partialRecord(z.enum(agentKinds), anyImage).default({}),
    })
    .prefault({}),
  /** Daemons that build images. Each keeps a cache of layers. */
  builder: z
    .strictObject({
      /** Number of daemons. */
      replicas: z.int().min(1).max(20).default(1),
      /** Volume of each daemon, for its cache. */
      cache: bytes.default("50Gi"),
    })
    .prefault({}),
  /** Backup of Jenkins' home. */
  backup: z
    .strictObject({
      /** Volume that backups are written to first. */
      size: bytes.default("20Gi"),
      /** Where the backups are copied to, away from the node that made them: a volume, or a bucket. */
      target: backupTarget.prefault({ type: "volume" }),
    })
    .prefault({}),
});

/** @see {@link ci} */
export type CiConfig = z.infer<typeof ci>;
