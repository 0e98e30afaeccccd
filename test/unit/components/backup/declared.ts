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
  ci: {},
  registry: { database: { type: "internal" } },
  artifacts: { database: { type: "postgresql", ...postgresql } },
  monitoring: {},
  logging: {},
};

/** Systems that belong to no part. */
const ownSystems = {
  etcd: { endpoint: "https://10.0.0.1:2379", secret: "etcd-client" },
  gitlab: { host: "git.example.com", port: 2222, user: "backup", secret: "gitlab-backup" },
};

export const config = {
  repository: { endpoint: "https://s3.example.com/", bucket: "backups" },
  credentials: { secret: "bucket" },
};

/** Declares the backups of the parts, by default of everything that can be backed up. */
export function backup(
  args: {
    context?: Partial<PlatformContext>;
    parts?: SavedParts;
    config?: object;
  } = {},
): Promise<Declared> {
  const { parts, config: changes, context } = args;
  const own = parts === undefined ? ownSystems : {};
  return declare((provider) => {
    new Backup(
      "backup",
      {
        context: { environment: "online", ...context },
        config: schema.parse({ ...config, ...own, ...changes }),
        sources: sourcesOf(parts ?? everything),
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
