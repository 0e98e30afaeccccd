import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import {
  newClusters,
  newContexts,
  newUsers,
  type Cluster,
  type Context,
  type User,
} from "@kubernetes/client-node/dist/config_types.js";
import { parse } from "yaml";

/** What stands in a kubeconfig. */
export interface Kubeconfig {
  clusters: Cluster[];
  contexts: Context[];
  users: User[];
  currentContext: string;
}

/** What a context leads to; what the kubeconfig does not have is missing. */
export interface Access {
  cluster?: Cluster;
  user?: User;
  /** Namespace of objects that name none. */
  namespace?: string;
}

/** Reads a kubeconfig. @throws Error when there is none, or it is damaged. */
export function readKubeconfig(file: string): Kubeconfig {
  return parseKubeconfig(readFileSync(file, "utf8"), dirname(file));
}

/** A kubeconfig from its text; the files that it names are looked for from a folder on. */
export function parseKubeconfig(text: string, folder = "."): Kubeconfig {
  const document = parse(text) as Record<string, unknown>;
  const path = (file: string | undefined) => (file ? resolve(folder, file) : undefined);
  return {
    clusters: newClusters(document["clusters"]).map((cluster) => ({
      ...cluster,
      caFile: path(cluster.caFile),
    })),
    contexts: newContexts(document["contexts"]),
    users: newUsers(document["users"]).map((user) => ({
      ...user,
      certFile: path(user.certFile),
      keyFile: path(user.keyFile),
    })),
    currentContext: document["current-context"] as string,
  };
}

/** The cluster and the user of the current context. */
export function accessOf({ clusters, contexts, users, currentContext }: Kubeconfig): Access {
  const context = contexts.find(({ name }) => name === currentContext);
  return {
    cluster: clusters.find(({ name }) => name === context?.cluster),
    user: users.find(({ name }) => name === context?.user),
    namespace: context?.namespace,
  };
}

/**
 * Options of a request with which the API server of the current context lets one in. They have an
 * agent where a proxy stands in between.
 */
export async function authentication(kubeconfig: Kubeconfig): Promise<RequestOptions> {
  const { cluster, user } = accessOf(kubeconfig);
  if (cluster !== undefined && user !== undefined && isPlain(cluster, user)) {
    return plainOptions(cluster, user);
  }
  const config = wholeKubeConfig();
  config.loadFromOptions(kubeconfig);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  if (!accessOf(kubeconfig).cluster?.proxyUrl) delete options.agent;
  return options;
}

/**
 * The client library's own reader, which also logs in with other programs and finds the usual places.
 * It brings the library's whole generated API along, half a second of a preview, so that only who
 * needs it loads it.
 */
export function wholeKubeConfig(): KubeConfig {
  const library = createRequire(__filename)("@kubernetes/client-node/dist/config.js") as {
    KubeConfig: new () => KubeConfig;
  };
  return new library.KubeConfig();
}

/** Whether nobody has to be asked for a login, and nothing stands in between. */
function isPlain({ server, proxyUrl }: Cluster, { exec, authProvider }: User): boolean {
  return server.startsWith("https:") && !proxyUrl && !exec && !authProvider;
}

function plainOptions(cluster: Cluster, user: User): RequestOptions {
  const { skipTLSVerify, tlsServerName } = cluster;
  const { username, password, token, impersonateUser } = user;
  return {
    ...(skipTLSVerify ? { rejectUnauthorized: false } : {}),
    ...(tlsServerName ? { servername: tlsServerName } : {}),
    ca: content(cluster.caFile, cluster.caData),
    cert: content(user.certFile, user.certData),
    key: content(user.keyFile, user.keyData),
    ...(username ? { auth: `${username}:${password}` } : {}),
    headers: {
      ...(impersonateUser == null ? {} : { "Impersonate-User": impersonateUser }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
  };
}

function content(file: string | undefined, data: string | undefined): Buffer | undefined {
  if (file) return readFileSync(file);
  return data ? Buffer.from(data, "base64") : undefined;
}
