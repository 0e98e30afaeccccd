import { setTimeout as sleep } from "node:timers/promises";
import { version as client } from "@pulumi/kubernetes/package.json";
import { commitsOf, gitIn, type Commits } from "./commits";
import type { ShownTransform } from "./transforms";
import { ClusterReader, clusterUid, type ReaderArgs } from "../../cluster/reader";

/** The sources and tools of a preview. */
export interface Provenance extends Commits {
  stack: string;
  cluster: { uid: string | undefined; version: string | undefined };
  tools: { name: string; version: string }[];
  /** UTC, ISO 8601. */
  at: string;
  /** File that declares each app: its own, or the stack file. */
  files?: Record<string, string>;
  /** Changes of objects that the parts' code and keys do not contain. Default: none. */
  transforms?: ShownTransform[];
  /** URL of the pipeline that made it. */
  pipeline: string | undefined;
}

/** Timeout for the API server's version, milliseconds: the version is useful, but not required. */
const timeoutMs = 5000;

/** Returns the previewed commit, and the pipeline that previews it. */
export function commitOf(environment: NodeJS.ProcessEnv): Commits & Pick<Provenance, "pipeline"> {
  return { ...commitsOf(environment, gitIn(".")), pipeline: environment.CI_PIPELINE_URL };
}

/** Returns the versions of the tools of a preview. */
export function toolsOf(engine: string): Provenance["tools"] {
  return [
    { name: "pulumi", version: engine },
    { name: "@pulumi/kubernetes", version: client },
    { name: "node", version: process.versions.node },
  ];
}

/**
 * Returns the UID of the cluster in a stack's config.
 * @throws ProgramError if it cannot be read: a plan without it could be applied to another cluster.
 */
export async function uidOf(cluster: unknown): Promise<string | undefined> {
  const args = readerArgs(cluster);
  return args && (await clusterUid(args));
}

/** Returns the API server's version; undefined if it does not answer. */
export async function serverVersion(cluster: unknown): Promise<string | undefined> {
  const args = readerArgs(cluster);
  if (args === undefined) return undefined;
  const asked = new Promise<string | undefined>((resolve) => {
    // The preview itself says what is wrong with the kubeconfig, or with the cluster.
    askedVersion(args).then(resolve, () => resolve(undefined));
  });
  const late = sleep(timeoutMs, undefined, { ref: false });
  return Promise.race([asked, late]);
}

async function askedVersion(args: ReaderArgs): Promise<string | undefined> {
  const reader = new ClusterReader(args);
  try {
    return (await reader.get<{ gitVersion: string }>("/version"))?.gitVersion;
  } finally {
    reader.close();
  }
}

/** Returns how to reach a cluster, from a config that may be invalid. */
export function readerArgs(cluster: unknown): ReaderArgs | undefined {
  const { kubeconfig, context } = (cluster ?? {}) as Record<string, unknown>;
  return typeof kubeconfig === "string" && typeof context === "string"
    ? { kubeconfig, context }
    : undefined;
}
