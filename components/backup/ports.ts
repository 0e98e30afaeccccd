import type { BackupConfig, SavedSystem } from "../../config";
import type { Sources } from "./sources";

/** Returns the ports that the backup of a system connects to: those of the bucket and of the system. */
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
      if (database === undefined) return [bucket];
      return [bucket, database.type === "postgresql" ? database.port : portOf(database.url)];
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

function portOf(address: string): number {
  const { protocol, port } = new URL(address.includes("://") ? address : `https://${address}`);
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}
