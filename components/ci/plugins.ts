/**
 * Every plugin that Jenkins gets, with its version. What these need themselves is installed in the
 * lowest version that they ask for (`--latest false`), so that the same table always gives the same
 * set; a transitive plugin that must be newer gets a row of its own.
 */
export const plugins = {
  /** Settings and jobs from files. */
  "configuration-as-code": "2115.vf6de120eef70",
  "job-dsl": "3654.vdf58f53e2d15",
  "cloudbees-folder": "6.1100.ve9eed61d16c4",
  /** Agents as pods. */
  kubernetes: "4540.v612369217f87",
  /** Pipelines, their library and their view. */
  "workflow-aggregator": "608.v67378e9d3db_1",
  "pipeline-groovy-lib": "797.v90ea_a_9b_e45a_0",
  "pipeline-graph-view": "902.v160b_da_c934b_c",
  "lockable-resources": "1438.v3c0f8c9e2060",
  timestamper: "1.30",
  junit: "1403.vd9d1413fd205",
  git: "5.10.1",
  "credentials-binding": "720.v3f6decef43ea_",
  "plain-credentials": "199.v9f8e1f741799",
  /** Who may do what, and login by OpenID Connect. */
  "role-strategy": "848.va_a_ea_673cf0b_c",
  "oic-auth": "4.626.ve5a_d9f26c051",
  prometheus: "852.v317db_5d17a_b_0",
  thinBackup: "2.1.3",
} as const;

/** The table as the plugin installer reads it: `name:version` by line, sorted. */
export function pluginList(): string {
  const lines = Object.entries(plugins).map(([name, version]) => `${name}:${version}`);
  return `${lines.sort().join("\n")}\n`;
}
