import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Cluster } from "../../local/cluster";

/** Where one part of a local control plane gives its metrics. */
export interface MetricsAddress {
  /** `127.0.0.1:<port>`. */
  host: string;
  scheme: "http" | "https";
}

interface KwokFile {
  components?: { name: string; metric?: MetricsAddress }[];
}

/** Where the parts of a local cluster's control plane give their metrics, as kwokctl wrote it down. */
export function metricsAddresses(cluster: Cluster): Record<string, MetricsAddress> {
  const file = join(cluster.folder, "clusters", cluster.name, "kwok.yaml");
  const documents = parseAllDocuments(readFileSync(file, "utf8")).map(
    (document) => document.toJS() as KwokFile | null,
  );
  return Object.fromEntries(
    documents
      .flatMap((document) => document?.components ?? [])
      .flatMap(({ name, metric }) => (metric === undefined ? [] : [[name, metric]])),
  );
}
