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

/** Content of a kubeconfig. */
export interface Kubeconfig {
  clusters: Cluster[];
  contexts: Context[];
  users: User[];
  currentContext: string;
}

/** Cluster, user and namespace of a context; fields that the kubeconfig lacks are undefined. */
export interface Access {
  cluster?: Cluster;
  user?: User;
  /** Namespace of objects without one. Default: none. */
  namespace?: string;
}

/**
 * Reads a kubeconfig.
 * @throws Error if it is missing or invalid.
 */
export function readKubeconfig(file: string): Kubeconfig {
  return parseKubeconfig(readFileSync(file, "utf8"), dirname(file));
}

/** Parses a kubeconfig. Relative paths in it are resolved against a folder. */
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

/** Returns the cluster and the user of the current context. */
export function accessOf({ clusters, contexts, users, currentContext }: Kubeconfig): Access {
  const context = contexts.find(({ name }) => name === currentContext);
  return {
    cluster: clusters.find(({ name }) => name === context?.cluster),
    user: users.find(({ name }) => name === context?.user),
    namespace: context?.namespace,
  };
}

/**
 * Returns the request options that authenticate at the API server of the current context. They contain an agent if a
 * proxy is configured.
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
 * Returns the client library's own kubeconfig reader, which supports login plugins and default locations. It loads the
 * library's whole generated API, half a second of a preview, so only callers that need it load it.
 */
export function wholeKubeConfig(): KubeConfig {
  const library = createRequire(__filename)("@kubernetes/client-node/dist/config.js") as {
    KubeConfig: new () => KubeConfig;
  };
  return new library.KubeConfig();
}

/** Whether a request needs neither a login plugin nor a proxy. */
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
