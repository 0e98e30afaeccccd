import { Backup } from "../../../../components/backup";
import { sourcesOf, type SavedParts } from "../../../../components/backup/wiring";
import { backup as schema } from "../../../../config/components/backup";
import type { PlatformContext } from "../../../../components/shared/context";
import { at, declare, type Declared } from "../../../support/declare";
import type { PodSpec } from "../../../support/workloads";

const postgresql = {
  host: "postgres.example.com",
  port: 5432,
  name: "nexus",
  sslMode: "verify-full",
  secret: "nexus-postgres",
};

const everything: SavedParts = {
  backup: {
    etcd: { endpoint: "https://10.0.0.1:2379", secret: "etcd-client" },
    gitlab: { host: "git.example.com", port: 2222, user: "backup", secret: "gitlab-backup" },
  },
  ci: {},
  registry: { database: { type: "internal" } },
  artifacts: { database: { type: "postgresql", ...postgresql } },
  monitoring: {},
  logging: {},
};

export const config = {
  repository: { endpoint: "https://s3.example.com/", bucket: "backups" },
  credentials: { secret: "bucket" },
};

export function backup(
  args: {
    context?: Partial<PlatformContext>;
    parts?: SavedParts;
    config?: object;
  } = {},
): Promise<Declared> {
  const { parts = everything, config: changes, context } = args;
  return declare((provider) => {
    new Backup(
      "backup",
      {
        context: { environment: "online", ...context },
        backup: schema.parse({ ...config, ...changes }),
        sources: sourcesOf(parts),
        after: [],
      },
      { provider },
    );
  });
}

export function pod(declared: Declared, system: string): PodSpec {
  const path = "spec.jobTemplate.spec.template.spec";
  return at(declared.object("CronJob", `backup-${system}`), path) as PodSpec;
}

type Container = PodSpec["containers"][number];

export function steps(declared: Declared, system: string): Container[] {
  const { initContainers, containers } = pod(declared, system);
  return [...(initContainers ?? []), ...containers];
}

export function environment({ env }: Container): Record<string, string> {
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

export function last(declared: Declared, system: string): Record<string, string> {
  return environment(steps(declared, system).at(-1)!);
}
