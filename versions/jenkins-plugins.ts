/**
 * All plugins of Jenkins with their versions: the set that the Jenkins project tests together (jenkinsci/bom,
 * bom-2.568.x of August 2026), and workflow-aggregator, which only has dependencies. Raise all rows together: the
 * installer rejects a row that is older than another one requires.
 */
export const plugins = {
  /** Settings and jobs as code. */
  "configuration-as-code": "2117.vc05a_0b_e6b_f4e",
  "job-dsl": "3732.v9a_c49a_61a_313",
  "cloudbees-folder": "6.1106.v3a_d9a_6d2465e",
  /** Agents as pods. */
  kubernetes: "4547.v52f3080db_8cd",
  /** Pipelines, their library and their view. */
  "workflow-aggregator": "608.v67378e9d3db_1",
  "pipeline-groovy-lib": "798.v5cc688825312",
  "pipeline-graph-view": "998.vc30deece0e36",
  "lockable-resources": "1539.v4db_b_fc1cc115",
  timestamper: "1.30",
  junit: "1424.vc64a_edde7777",
  git: "5.10.1",
  "credentials-binding": "728.v902a_273b_8947",
  "plain-credentials": "199.v9f8e1f741799",
  /** Roles, and login by OpenID Connect. */
  "role-strategy": "898.vc050ed2424ca_",
  "oic-auth": "4.718.ve731df6ca_88a_",
  prometheus: "860.v532442b_44e9a_",
  thinBackup: "2.1.4",
} as const;

/**
 * Dependencies of the plugins above. Without a row, the installer takes the lowest version that is required (`--latest
 * false`), so that the same table always gives the same set; for these plugins that version would be years old, with
 * known vulnerabilities.
 */
export const requiredPlugins = {
  "apache-httpcomponents-client-4-api": "4.5.14-269.vfa_2321039a_83",
  "asm-api": "9.10.1-216.va_9256d3b_844b_",
  "authentication-tokens": "1.144.v5ff4a_5ec5c33",
  "bootstrap5-api": "5.3.8-1048.va_c299057e35c",
  "bouncycastle-api": "2.30.1.84-291.v9f17b_21896e2",
  "branch-api": "2.1280.v0d4e5b_b_460ef",
  "caffeine-api": "3.2.4-208.v7e2da_a_7db_82b_",
  "checks-api": "415.vf022234a_931d",
  "commons-lang3-api": "3.20.0-109.ve43756e2d2b_4",
  "commons-text-api": "1.15.0-218.va_61573470393",
  credentials: "1511.v2e3cb_0008ef0",
  "display-url-api": "2.217.va_6b_de84cc74b_",
  "durable-task": "686.v80ff80875b_82",
  "echarts-api": "6.1.0-1306.vcee1648c16a_4",
  "font-awesome-api": "7.3.1-1013.v0835a_879ec6d",
  "git-client": "6.6.1",
  "gson-api": "2.14.0-201.v8eefe5515533",
  "instance-identity": "203.v15e81a_1b_7a_38",
  "ionicons-api": "94.vcc3065403257",
  "jackson-annotations2-api": "2.22-19.v10a_a_582ea_26e",
  "jackson2-api": "2.22.2-445.vdc613f1d8012",
  "jakarta-activation-api": "2.1.4-1",
  "jakarta-mail-api": "2.1.5-1",
  "jakarta-xml-bind-api": "4.0.9-19.v2b_a_5b_44d9a_1c",
  jaxb: "2.3.9-143.v5979df3304e6",
  "joda-time-api": "2.14.3-200.v65623733c99f",
  "jquery3-api": "3.7.1-687.v68d468e40b_30",
  "json-api": "20260814-226.v20f9685d642c",
  "json-path-api": "3.0.0-218.vcd4dd1355de2",
  "kubernetes-client-api": "7.3.1-256.v788a_0b_787114",
  "kubernetes-credentials": "207.v492f58828b_ed",
  mailer: "534.v1b_36f5864073",
  metrics: "4.2.37-494.v06f9a_939d33a_",
  "mina-sshd-api-common": "2.19.0-192.v2b_a_7b_2c1dc71",
  "mina-sshd-api-core": "2.19.0-192.v2b_a_7b_2c1dc71",
  "nimbus-jose-jwt-api": "10.9.1-4.v58e0353801ec",
  "pipeline-build-step": "599.v4b_67ea_11b_152",
  "pipeline-graph-analysis": "254.v0f63a_a_447dca_",
  "pipeline-input-step": "560.v56198a_642157",
  "pipeline-milestone-step": "152.v6e22b_8cfc66c",
  "pipeline-model-api": "2.2293.v6e7193cec599",
  "pipeline-model-definition": "2.2293.v6e7193cec599",
  "pipeline-model-extensions": "2.2293.v6e7193cec599",
  "pipeline-stage-step": "345.va_96187909426",
  "pipeline-stage-tags-metadata": "2.2293.v6e7193cec599",
  "plugin-util-api": "7.1341.v039f146993d9",
  "prism-api": "1.30.0-741.v034eb_0b_0a_a_fa_",
  "scm-api": "728.vc30dcf7a_0df5",
  "script-security": "1412.v7737b_3405f86",
  "snakeyaml-api": "2.5-149.v72471e9c6371",
  "snakeyaml-engine-api": "3.1.1-12.v4320c7d6f89c",
  "ssh-credentials": "372.va_250881b_08cd",
  structs: "362.va_b_695ef4fdf9",
  "token-macro": "477.vd4f0dc3cb_cf1",
  variant: "70.va_d9f17f859e0",
  "workflow-api": "1413.v2ff1a_5e720fa_",
  "workflow-basic-steps": "1098.v808b_fd7f8cf4",
  "workflow-cps": "4370.v49a_6937566b_6",
  "workflow-durable-task-step": "1479.v56e587f413a_7",
  "workflow-job": "1571.1580.v18e46842c125",
  "workflow-multibranch": "841.vec5b_9e1806ec",
  "workflow-scm-step": "466.va_d69e602552b_",
  "workflow-step-api": "724.v538c2362b_dfb_",
  "workflow-support": "1015.v785e5a_b_b_8b_22",
} as const;

/** Returns the table in the plugin installer's format: one `name:version` per line, sorted. */
export function pluginList(): string {
  const lines = Object.entries({ ...plugins, ...requiredPlugins }).map(
    ([name, version]) => `${name}:${version}`,
  );
  return `${lines.sort().join("\n")}\n`;
}
