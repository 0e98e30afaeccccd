import { loggingNamespace } from "./part";

/** Arguments of {@link elasticsearchSettings}. */
export interface ElasticsearchSettingsArgs {
  /** Number of Elasticsearch nodes. */
  nodes: number;
  /** Whether the nodes have a sufficient vm.max_map_count. */
  memoryMap: boolean;
  /** Whether the cluster has formed, so that no node may bootstrap another one. */
  formed: boolean;
  /** Whether pods know the zone of their node. */
  zones: boolean;
}

/** Ports of an Elasticsearch node. `ready` opens once the node has found a master. */
export const elasticsearchPorts = { http: 9200, transport: 9300, ready: 8080 } as const;

const nodesDomain = `elasticsearch-nodes.${loggingNamespace}.svc`;
/** Folder of the certificates, below the settings folder: a node can read no other folder. */
const tls = "tls";

/** Returns the content of `elasticsearch.yml`. */
export function elasticsearchSettings(args: ElasticsearchSettingsArgs): Record<string, unknown> {
  return {
    "cluster.name": "logging",
    "node.name": "${POD_NAME}",
    "network.host": "0.0.0.0",
    "http.publish_host": `\${POD_NAME}.${nodesDomain}`,
    "readiness.port": elasticsearchPorts.ready,
    ...discovery(args),
    ...(args.zones
      ? {
          "node.attr.zone": "${ZONE}",
          "cluster.routing.allocation.awareness.attributes": "zone",
        }
      : {}),
    "node.store.allow_mmap": args.memoryMap,
    "action.auto_create_index": "applogs-*,.*",
    "xpack.security.enabled": true,
    "xpack.security.autoconfiguration.enabled": false,
    "xpack.security.enrollment.enabled": false,
    ...certificates("transport"),
    // One certificate names all nodes, so only its signature is verified.
    "xpack.security.transport.ssl.verification_mode": "certificate",
    ...certificates("http"),
    "ingest.geoip.downloader.enabled": false,
  };
}

function discovery({ nodes, formed }: ElasticsearchSettingsArgs): Record<string, unknown> {
  if (nodes === 1) return { "discovery.type": "single-node" };
  const founders = Array.from({ length: 3 }, (_, index) => `elasticsearch-${index}`);
  return {
    "discovery.seed_hosts": [nodesDomain],
    ...(formed ? {} : { "cluster.initial_master_nodes": founders }),
  };
}

function certificates(layer: "http" | "transport"): Record<string, unknown> {
  const prefix = `xpack.security.${layer}.ssl`;
  return {
    [`${prefix}.enabled`]: true,
    [`${prefix}.key`]: `${tls}/tls.key`,
    [`${prefix}.certificate`]: `${tls}/tls.crt`,
    [`${prefix}.certificate_authorities`]: [`${tls}/ca.crt`],
  };
}
