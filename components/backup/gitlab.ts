import { scriptPath } from "./cron-job";
import type { GitlabSource } from "./sources";
import type { FileBackup } from "./system";
import { nobody, folders, mount, secretVolume, stagingVolume } from "./volumes";

const script = "backup/scripts/gitlab.sh";

/** Returns how a GitLab outside the cluster is backed up: with its own backup command, over SSH. */
export function gitlabOf(
  { namespace, host, port, user, secret }: GitlabSource,
  staging: string,
): FileBackup {
  const { staging: dumps, login } = folders;
  const files = {
    "ssh-privatekey": { secret, key: "ssh-privatekey" },
    known_hosts: { secret, key: "known_hosts" },
  };
  return {
    system: "gitlab",
    namespace,
    user: nobody,
    steps: [
      {
        name: "fetch",
        // This image contains OpenSSH's client.
        image: "restic",
        command: ["sh", scriptPath(script)],
        environment: {
          GITLAB_HOST: host,
          GITLAB_PORT: String(port),
          GITLAB_USER: user,
          GITLAB_SECRETS: login,
          GITLAB_FOLDER: dumps,
        },
        mounts: [mount("staging", dumps, false), mount("login", login)],
      },
    ],
    scripts: [script],
    volumes: [stagingVolume(staging), secretVolume("login", files)],
    mounts: [mount("staging", dumps)],
    paths: [dumps],
    required: [`${dumps}/gitlab_backup.tar`, `${dumps}/gitlab-secrets.json`],
    excludes: [],
  };
}
