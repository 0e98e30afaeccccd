import * as pulumi from "@pulumi/pulumi";
import type { HarborConfig } from "../../config";
import { bootstrapJob } from "../shared/bootstrap-job";
import type { GatewayAddress } from "../shared/gateway-api";
import { objectLabels } from "../shared/labels";
import { platformNamespace } from "../shared/namespace";
import type { PlacementRules } from "../shared/placement";
import { secret } from "../shared/secret";
import { webRoute } from "../shared/web-route";
import { bootstrapSettings, ciRobot, pullRobot } from "./bootstrap-settings";
import { ports } from "./config-files";
import type { DatabaseConnection, RedisConnection } from "./connections";
import { addresses, core } from "./core";
import { layers } from "./layers";
import { exporter, jobService, portal, scanner } from "./parts";
import type { Login } from "./pull-secrets";
import { harborSecrets, randomText, type HarborSecrets } from "./secrets";
import { internalDatabase, internalRedis } from "./stateful";
import type { HarborContext } from "./workload";

/** Harbor's place in the stack. */
export interface HarborArgs {
  environment: string;
  /** Host name of its pages and images. */
  host: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  gateway: pulumi.Input<GatewayAddress>;
  /** Domains of each team's apps, by team. */
  domains: Record<string, string[]>;
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
  harbor: HarborConfig;
}

/** Logins of the accounts that the bootstrap script makes. */
export interface HarborLogins {
  ci: Login;
  /** By team. */
  pull: Record<string, Login>;
}

/**
 * Declares Harbor in namespace `registry`, in the order in which its parts need each other.
 * @returns logins that hold once Harbor is set up.
 */
export function harbor(args: HarborArgs, parent: pulumi.Resource): HarborLogins {
  const { replicas, storage } = args.harbor;
  const namespace = platformNamespace("registry", parent, args.environment);
  const { imageMirror, placement } = args;
  const context = { namespace, replicas, imageMirror, placement, parent };
  const secrets = harborSecrets(namespace, parent);
  const database = databaseOf(args.harbor.database, context);
  const redis = redisOf(args.harbor.redis, context);
  const storageProvider = storage.type === "volume" ? "filesystem" : "s3";
  const url = `${args.scheme}://${args.host}`;
  const store = layers({ storage, redis, secrets }, context);
  const api = core({ url, storageProvider, database, redis, secrets }, context);
  const pages = portal(context);
  const jobs = jobService({ redis, secrets, dependsOn: [api] }, context);
  const scans = scanner({ redis, scanner: args.harbor.scanner }, context);
  exporter({ database, redis, dependsOn: [api] }, context);
  route(args, namespace, parent);
  return bootstrap(args, { context, secrets, dependsOn: [store, api, pages, jobs, scans] });
}

function databaseOf(config: HarborConfig["database"], context: HarborContext): DatabaseConnection {
  if (config.type === "internal") return internalDatabase(config, context);
  return {
    ...config,
    username: { secret: config.secret, key: "username" },
    password: { secret: config.secret, key: "password" },
    podAnnotations: {},
    resources: [],
  };
}

function redisOf(config: HarborConfig["redis"], context: HarborContext): RedisConnection {
  if (config.type === "internal") return internalRedis(config, context);
  const password = { secret: config.secret, key: "password" };
  return { ...config, password, podAnnotations: {}, resources: [] };
}

/** The API and the images at core, everything else at the pages. */
function route(
  { host, gateway }: HarborArgs,
  namespace: pulumi.Output<string>,
  parent: pulumi.Resource,
): void {
  const toCore = { service: "harbor-core", port: ports.service };
  webRoute(
    "harbor",
    {
      namespace,
      host,
      gateway,
      service: "harbor-portal",
      port: ports.service,
      paths: { "/api/": toCore, "/service/": toCore, "/v2/": toCore, "/c/": toCore },
      // A layer of some gigabytes takes as long as it takes.
      requestTimeout: "0s",
    },
    parent,
  );
}

/** What the API sets up, and the accounts that come of it. */
function bootstrap(
  { domains, harbor: config, imageMirror, placement }: HarborArgs,
  {
    context: { namespace, parent },
    secrets,
    dependsOn,
  }: { context: HarborContext; secrets: HarborSecrets; dependsOn: pulumi.Resource[] },
): HarborLogins {
  const name = "harbor-bootstrap";
  const labels = objectLabels(name, "registry");
  const settings = bootstrapSettings(addresses.core, domains, config);
  const passwords = Object.fromEntries(
    settings.robots.map((robot) => [
      robot.name,
      randomText(`harbor-robot-${robot.name}`, 32, parent).result,
    ]),
  );
  const robots = secret("harbor-robots", { namespace, labels, data: passwords }, parent);
  const job = bootstrapJob(
    name,
    {
      namespace,
      labels,
      files: ["registry/bootstrap.mjs", "shared/bootstrap/api.mjs"],
      settings,
      secrets: {
        "admin-password": { secret: secrets.admin.name, key: "password" },
        ...Object.fromEntries(
          Object.keys(passwords).map((key) => [`robot-${key}`, { secret: robots.name, key }]),
        ),
      },
      podAnnotations: { ...secrets.admin.podAnnotations, ...robots.podAnnotations },
      dependsOn,
      imageMirror,
      placement,
    },
    parent,
  );
  // A login is known before it holds; who uses it must wait for the script.
  const login = (robot: string): Login => ({
    username: `robot$${robot}`,
    password: pulumi.secret(
      pulumi.all([passwords[robot] ?? "", job.id]).apply(([password]) => password),
    ),
  });
  return {
    ci: login(ciRobot),
    pull: Object.fromEntries(Object.keys(domains).map((team) => [team, login(pullRobot(team))])),
  };
}
