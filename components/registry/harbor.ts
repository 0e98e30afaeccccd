import * as pulumi from "@pulumi/pulumi";
import type { HarborConfig } from "../../config";
import { configureJob } from "../shared/configure-job";
import { declarePart, type Part, type PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { closeNamespace } from "../shared/network-policy";
import { secret } from "../shared/secret";
import { webRoute } from "../shared/web-route";
import { bootstrapSettings, ciRobot, pullRobot } from "./bootstrap-settings";
import { ports } from "./config-files";
import type { DatabaseConnection, RedisConnection } from "./connections";
import { addresses, core } from "./core";
import { layers } from "./layers";
import { exporter } from "./exporter";
import { toWorkload } from "./network";
import { jobService, portal, scanner } from "./parts";
import type { Login } from "./pull-secrets";
import { harborSecrets, randomText, type HarborSecrets } from "./secrets";
import { internalDatabase, internalRedis } from "./stateful";
import type { HarborContext } from "./workload";

/** Arguments of {@link harbor}. */
export interface HarborArgs {
  /** Context of the stack: environment, image mirror and placement. */
  context: PlatformContext;
  /** Host of the web UI and the images. */
  host: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
  /** Domains of each team's apps, by team. */
  domains: Record<string, string[]>;
  /** Validated config of Harbor. */
  config: HarborConfig;
}

/** Logins of the accounts that the bootstrap script creates. */
export interface HarborLogins {
  ci: Login;
  /** By team. */
  pull: Record<string, Login>;
}

/**
 * Declares Harbor in namespace `registry`, in the order of the dependencies of its parts.
 * @returns logins that are valid once Harbor is configured.
 */
export function harbor(args: HarborArgs, parent: pulumi.Resource): HarborLogins {
  const { config } = args;
  const { replicas, storage } = config;
  const part = declarePart("registry", args, parent);
  const context = { part, replicas, caBundle: config.caBundle };
  const secrets = harborSecrets(part);
  const database = databaseOf(config.database, context);
  const redis = redisOf(config.redis, context);
  const storageProvider = storage.type === "volume" ? "filesystem" : "s3";
  const url = `${args.scheme}://${args.host}`;
  const store = layers({ config, redis, secrets }, context);
  const api = core({ url, storageProvider, config, database, redis, secrets }, context);
  const pages = portal(context);
  const jobs = jobService({ config, redis, secrets, dependsOn: [api] }, context);
  const scans = scanner({ config, redis }, context);
  exporter({ config, database, redis, dependsOn: [api] }, context);
  route(part, args);
  const logins = bootstrap(args, {
    part,
    secrets,
    dependsOn: [store, api, pages, jobs, scans],
  });
  closeNamespace(part);
  return logins;
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

/** Routes the API and images to core, and everything else to the web UI. */
function route(part: Part, { host, gateway }: HarborArgs): void {
  const toCore = { service: "harbor-core", port: ports.service };
  webRoute(part, "harbor", {
    host,
    gateway,
    service: "harbor-portal",
    port: ports.service,
    paths: { "/api/": toCore, "/service/": toCore, "/v2/": toCore, "/c/": toCore },
    // No timeout: a layer of some gigabytes takes long.
    requestTimeout: "0s",
  });
}

/** Configures Harbor through its API, and returns the accounts that this creates. */
function bootstrap(
  { domains, config }: HarborArgs,
  {
    part,
    secrets,
    dependsOn,
  }: { part: Part; secrets: HarborSecrets; dependsOn: pulumi.Resource[] },
): HarborLogins {
  const { parent } = part;
  const settings = bootstrapSettings(addresses.core, domains, config);
  const passwords = Object.fromEntries(
    settings.robots.map((robot) => [
      robot.name,
      randomText(`harbor-robot-${robot.name}`, 32, parent).result,
    ]),
  );
  const robots = secret(part, "harbor-robots", { data: passwords, workload: "harbor-bootstrap" });
  const job = configureJob(part, "harbor-bootstrap", {
    files: ["registry/bootstrap.mjs", "shared/bootstrap/api.mjs"],
    settings,
    secrets: {
      "admin-password": { secret: secrets.admin.name, key: "password" },
      ...Object.fromEntries(
        Object.keys(passwords).map((key) => [`robot-${key}`, { secret: robots.name, key }]),
      ),
    },
    declaredSecrets: [secrets.admin, robots],
    network: { egress: toWorkload("harbor-core", ports.http) },
    dependsOn,
  });
  // The password is known before the account exists, so users of the login must depend on the script.
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
