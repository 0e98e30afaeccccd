import { setTimeout as sleep } from "node:timers/promises";
import { version as client } from "@pulumi/kubernetes/package.json";
import { commitsOf, gitIn, type Commits } from "./commits";
import { ClusterReader, clusterUid, type ReaderArgs } from "../../cluster/reader";

/** What a preview was made from and with. */
export interface Provenance extends Commits {
  stack: string;
  cluster: { uid: string | undefined; version: string | undefined };
  tools: { name: string; version: string }[];
  /** UTC, ISO 8601. */
  at: string;
  /** File that declares each app: its own, or the stack's. */
  files?: Record<string, string>;
  /** Address of the pipeline that made it. */
  pipeline: string | undefined;
}

/** Longest wait for the API server's version, milliseconds: it is good to know, and no more. */
const timeoutMs = 5000;

/** The commit that is previewed, and the pipeline that does it. */
export function commitOf(environment: NodeJS.ProcessEnv): Commits & Pick<Provenance, "pipeline"> {
  return { ...commitsOf(environment, gitIn(".")), pipeline: environment.CI_PIPELINE_URL };
}

/** Versions of what a preview is made with. */
export function toolsOf(engine: string): Provenance["tools"] {
  return [
    { name: "pulumi", version: engine },
    { name: "@pulumi/kubernetes", version: client },
    { name: "node", version: process.versions.node },
  ];
}

/**
 * UID of the cluster of a stack's config.
 * @throws ProgramError if it cannot be read: a plan without it could be applied to another cluster.
 */
export async function uidOf(cluster: unknown): Promise<string | undefined> {
  const args = readerArgs(cluster);
  return args && (await clusterUid(args));
}

/** The API server's version; undefined if it does not answer. */
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

/** How to reach a cluster, by what a config says that may be wrong. */
function readerArgs(cluster: unknown): ReaderArgs | undefined {
  const { kubeconfig, context } = (cluster ?? {}) as Record<string, unknown>;
  return typeof kubeconfig === "string" && typeof context === "string"
    ? { kubeconfig, context }
    : undefined;
}
