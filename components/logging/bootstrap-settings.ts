import { accessDashboard, type SavedObject } from "./access-dashboard";
import type { LoggingSize } from "./sizing";
import { dataStream, otherDomain } from "./streams";

/** Arguments of {@link bootstrapSettings}. */
export interface BootstrapSettingsArgs {
  /** Environment of the stack. */
  environment: string;
  /** Domains, each with its own data stream and data view. */
  domains: string[];
  /** Days for which a line is kept. */
  retentionDays: number;
  /** Sizes of Elasticsearch: shards, replicas and rollover. */
  size: LoggingSize["elasticsearch"];
}

/** What the log pipeline needs in Elasticsearch and in Kibana. */
export interface BootstrapSettings {
  /** Objects with a path in the API: the body to PUT, and the keys under which a GET returns it. */
  objects: { path: string; body: object; found: string[] }[];
  /** Users with their roles. Users without roles exist already, and only get their password. */
  users: { name: string; roles?: string[] }[];
  streams: string[];
  dataViews: { id: string; name: string; title: string }[];
  /** Objects for Kibana to import. Each is imported again when its description changes. */
  savedObjects: SavedObject[];
}

/** Settings of `bootstrap/logging.mjs` for the Job that configures Elasticsearch. */
export function elasticsearchJob(url: string, settings: BootstrapSettings) {
  const { objects, users, streams } = settings;
  return { elasticsearch: url, objects, users, streams };
}

/** Settings of `bootstrap/logging.mjs` for the Job that configures Kibana. */
export function kibanaJob(url: string, { dataViews, savedObjects }: BootstrapSettings) {
  return { kibana: url, dataViews, savedObjects };
}

/** Name of the lifecycle policy, and prefix of the index template's name. */
const objectName = "applogs";

/** Returns all objects that the pipeline needs in Elasticsearch and Kibana. */
export function bootstrapSettings(args: BootstrapSettingsArgs): BootstrapSettings {
  const domains = [...new Set([...args.domains, otherDomain])].sort();
  const streams = domains.map((domain) => dataStream(args.environment, domain));
  return {
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
    savedObjects: accessDashboard(args.environment, accessView(args.environment)),
  };
}

/** Returns the ID of the data view over every domain, for the gateway's access log. */
export function accessView(environment: string): string {
  return `applogs-${environment}`;
}

type ServerObject = BootstrapSettings["objects"][number];

/** A new index per day or full shard. The age that deletes an index counts from its rollover. */
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

/** Indexed fields. All other fields of an event are displayed, but cannot be searched. */
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
 * The name contains the environment: Elasticsearch rejects a changed pattern as long as streams use the template, and a
 * stack that changes its environment keeps the old streams until they expire.
 */
function indexTemplate({ environment, size }: BootstrapSettingsArgs): ServerObject {
  return {
    path: `/_index_template/${objectName}-${environment}`,
    found: ["index_templates", "0", "index_template"],
    body: {
      index_patterns: [dataStream(environment, "*")],
      // Elasticsearch's built-in templates have priority 100. Two templates that match the same stream need different
      // priorities: `dev-*` also matches the streams of an environment `dev-a`, whose name is longer.
      priority: 500 + environment.length,
      data_stream: {},
      template: {
        // Strings, as the server returns them.
        settings: {
          index: {
            lifecycle: { name: objectName },
            number_of_shards: String(size.shards),
            number_of_replicas: String(size.replicas),
            codec: "best_compression",
            refresh_interval: "30s",
          },
        },
        // Apps can log any fields, so unknown fields never become fields of an index.
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
