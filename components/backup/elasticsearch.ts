import type { BackupConfig } from "../../config";
import { scriptPath, type BackupCronJobArgs } from "./cron-job";
import { systemFolder } from "./repository";
import type { ElasticsearchSource } from "./sources";

/** Settings of `scripts/elasticsearch.mjs`. */
export interface SnapshotSettings {
  url: string;
  user: string;
  repository: { name: string; body: object };
  policy: { name: string; body: object };
  /** Age of the last successful snapshot above which a new one is made immediately, hours. */
  maximumAgeHours: number;
  /** How long the script waits for a snapshot, and the pause between two checks, seconds. */
  wait: { seconds: number; pause: number };
}

const script = "backup/scripts/elasticsearch.mjs";
const login = "/run/secrets/login";
const name = "platform";

/**
 * Returns the settings of the repository and the policy. Elasticsearch itself has the bucket's keys, in its
 * keystore.
 */
export function snapshotSettings(
  { url, user }: Pick<ElasticsearchSource, "url" | "user">,
  config: Pick<BackupConfig, "repository" | "retention">,
  environment: string,
): SnapshotSettings {
  const { repository, retention } = config;
  const { endpoint, bucket, region } = repository;
  return {
    url,
    user,
    repository: {
      name,
      body: {
        type: "s3",
        settings: {
          bucket,
          base_path: systemFolder(repository, environment, "elasticsearch"),
          client: "default",
          endpoint,
          region,
          // A string, as the server returns it. Object stores other than Amazon's need it.
          path_style_access: "true",
        },
      },
    },
    policy: {
      name,
      body: {
        schedule: "0 30 1 * * ?",
        name: "<platform-{now/d}>",
        repository: name,
        config: { indices: ["*"], include_global_state: true },
        retention: { expire_after: `${retention.daily}d`, min_count: retention.last },
      },
    },
    // The schedule creates a snapshot each day at 1:30, so the last one is always less than a day old.
    maximumAgeHours: 24,
    wait: { seconds: 4 * 3600, pause: 10 },
  };
}

/** Declares the CronJob that keeps the policy as declared and verifies that it works. */
export function elasticsearchBackup(
  source: ElasticsearchSource,
  config: Pick<BackupConfig, "repository" | "retention">,
  environment: string,
): Pick<BackupCronJobArgs, "user" | "steps" | "scripts" | "files" | "volumes"> {
  const settings = snapshotSettings(source, config, environment);
  const { password, authority } = source;
  return {
    user: 1000,
    steps: [
      {
        name: "snapshot",
        image: "node",
        command: ["node", scriptPath(script)],
        environment: {
          BOOTSTRAP_SETTINGS: scriptPath("elasticsearch.json"),
          BOOTSTRAP_SECRETS: login,
          NODE_EXTRA_CA_CERTS: `${login}/ca.crt`,
        },
        mounts: [{ name: "login", mountPath: login, readOnly: true }],
      },
    ],
    scripts: [script, "shared/bootstrap/api.mjs"],
    files: { "elasticsearch.json": `${JSON.stringify(settings, undefined, 2)}\n` },
    volumes: [
      {
        name: "login",
        projected: {
          defaultMode: 0o440,
          sources: [
            { secret: { name: password.secret, items: [{ key: password.key, path: "password" }] } },
            { secret: { name: authority.secret, items: [{ key: authority.key, path: "ca.crt" }] } },
          ],
        },
      },
    ],
  };
}
