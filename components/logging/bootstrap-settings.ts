import type { LoggingSize } from "./sizing";
import { dataStream, otherDomain } from "./streams";

/** Arguments of {@link bootstrapSettings}. */
export interface BootstrapSettingsArgs {
  environment: string;
  /** Domains, each with a data stream and a data view of its own. */
  domains: string[];
  retentionDays: number;
  size: LoggingSize["elasticsearch"];
  elasticsearch: string;
  kibana: string;
}

/** What `bootstrap/logging.mjs` is to bring about. */
export interface BootstrapSettings {
  elasticsearch: string;
  kibana: string;
  /** Objects with an address of their own: what is put there, and where a GET finds it again. */
  objects: { path: string; body: object; found: string[] }[];
  /** Users with their roles; those without roles exist already, and only get their password. */
  users: { name: string; roles?: string[] }[];
  streams: string[];
  dataViews: { id: string; name: string; title: string }[];
}

/** Name of the life cycle, and beginning of the template's. */
const objectName = "applogs";

/** Everything that the pipeline needs inside of Elasticsearch and Kibana. */
export function bootstrapSettings(args: BootstrapSettingsArgs): BootstrapSettings {
  const domains = [...new Set([...args.domains, otherDomain])].sort();
  const streams = domains.map((domain) => dataStream(args.environment, domain));
  return {
    elasticsearch: args.elasticsearch,
    kibana: args.kibana,
    objects: [lifeCycle(args), indexTemplate(args), ...roles(args)],
    users: [
      { name: "kibana_system" },
      { name: "logstash", roles: ["logstash_writer"] },
      { name: "exporter", roles: ["monitoring_reader"] },
    ],
    streams,
    dataViews: [
      ...domains.map((domain, index) => ({
        id: streams[index]!,
        name: `${domain} (${args.environment})`,
        title: streams[index]!,
      })),
      {
        id: accessView(args.environment),
        name: `All domains (${args.environment})`,
        title: dataStream(args.environment, "*"),
      },
    ],
  };
}

/** Id of the data view over every domain, for what the gateway answered. */
export function accessView(environment: string): string {
  return `applogs-${environment}`;
}

type ServerObject = BootstrapSettings["objects"][number];

/** A new index per day or full shard; the age that deletes one counts from the next one's start. */
function lifeCycle({ size, retentionDays }: BootstrapSettingsArgs): ServerObject {
  return {
    path: `/_ilm/policy/${objectName}`,
    found: [objectName],
    body: {
      policy: {
        phases: {
          hot: {
            min_age: "0ms",
            actions: {
              rollover: { max_age: `${size.rolloverDays}d`, max_primary_shard_size: "50gb" },
            },
          },
          delete: {
            min_age: `${retentionDays}d`,
            actions: { delete: { delete_searchable_snapshot: true } },
          },
        },
      },
    },
  };
}

/** Fields that can be searched for; what else an event has is shown, not indexed. */
const keyword = { type: "keyword", ignore_above: 1024 };
const properties = {
  "@timestamp": { type: "date" },
  message: { type: "match_only_text" },
  wtype: keyword,
  ltype: keyword,
  domain: keyword,
  stream: keyword,
  // The gateway's access log.
  app: keyword,
  route: keyword,
  service: keyword,
  release: keyword,
  canary: { type: "boolean" },
  client: { properties: { address: keyword } },
  http: {
    properties: {
      request: { properties: { method: keyword, referrer: keyword } },
      response: { properties: { status_code: { type: "long" } } },
    },
  },
  url: { properties: { domain: keyword, path: keyword } },
  user_agent: { properties: { original: keyword } },
  event: { properties: { duration: { type: "long" } } },
  log: {
    properties: {
      file: { properties: { path: keyword, name: keyword } },
      offset: { type: "long" },
    },
  },
  kubernetes: {
    properties: {
      namespace: keyword,
      pod: { properties: { name: keyword } },
      container: { properties: { name: keyword } },
      node: { properties: { name: keyword } },
    },
  },
};

/**
 * Named by the environment: a template whose pattern changes is refused for as long as it has streams,
 * and a stack that becomes another environment keeps those of the old one until they expire.
 */
function indexTemplate({ environment, size }: BootstrapSettingsArgs): ServerObject {
  return {
    path: `/_index_template/${objectName}-${environment}`,
    found: ["index_templates", "0", "index_template"],
    body: {
      index_patterns: [dataStream(environment, "*")],
      // Elasticsearch's own templates have 100. No two of ours that fit one stream may have the same:
      // `dev-*` fits the streams of an environment `dev-a`, whose name is longer.
      priority: 500 + environment.length,
      data_stream: {},
      template: {
        // Texts, as the server gives them back.
        settings: {
          index: {
            lifecycle: { name: objectName },
            number_of_shards: String(size.shards),
            number_of_replicas: String(size.replicas),
            codec: "best_compression",
            refresh_interval: "30s",
          },
        },
        // Apps write what they like: unknown fields never become fields of an index.
        mappings: { dynamic: false, properties },
      },
    },
  };
}

function roles({ environment }: BootstrapSettingsArgs): ServerObject[] {
  const role = (name: string, cluster: string[], names: string[], privileges: string[]) => ({
    path: `/_security/role/${name}`,
    found: [name],
    body: { cluster, indices: [{ names, privileges }] },
  });
  return [
    role(
      "logstash_writer",
      ["monitor"],
      [dataStream(environment, "*")],
      ["create_doc", "auto_configure"],
    ),
    role("monitoring_reader", ["monitor"], ["*"], ["monitor", "view_index_metadata"]),
  ];
}
