import type { BackupConfig, SavedSystem } from "../../config";
import type { Sources } from "./sources";

/**
 * Returns the ports that the backup of a system connects to at any address: those of the bucket, and of the system if
 * only its address is known.
 */
export function portsOf(
  system: SavedSystem,
  { harbor, nexus, elasticsearch, etcd, gitlab }: Sources,
  { repository }: Pick<BackupConfig, "repository">,
): number[] {
  const bucket = portOf(repository.endpoint);
  const database = system === "harbor" ? harbor?.database : nexus?.database;
  switch (system) {
    case "harbor":
    case "nexus":
      // The embedded database is in the server, see `serverOf`.
      return database?.type === "postgresql" ? [bucket, database.port] : [bucket];
    case "elasticsearch":
      // Elasticsearch writes to the bucket itself.
      return elasticsearch === undefined ? [] : [portOf(elasticsearch.url)];
    case "etcd":
      return etcd === undefined ? [bucket] : [bucket, portOf(etcd.endpoint)];
    case "gitlab":
      return gitlab === undefined ? [bucket] : [...new Set([bucket, gitlab.port])];
    default:
      return [bucket];
  }
}

/** Returns the server in the namespace of the backup that the backup connects to; undefined if there is none. */
export function serverOf(
  system: SavedSystem,
  { nexus }: Sources,
): { pods: string; port: number } | undefined {
  const database = system === "nexus" ? nexus?.database : undefined;
  return database?.type === "h2" ? database.server : undefined;
}

function portOf(address: string): number {
  const { protocol, port } = new URL(address.includes("://") ? address : `https://${address}`);
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}
