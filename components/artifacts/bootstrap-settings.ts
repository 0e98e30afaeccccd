import type { ArtifactsConfig, RepositoryConfig } from "../../config";

/** A repository as Nexus's API takes it. */
export interface Repository {
  /** Path of its kind in the API, for example `maven/proxy`. */
  kind: string;
  name: string;
  /** Format of the cleanup policy that it has, where it has one. */
  cleaned?: string;
  body: object;
}

/** What the bootstrap script brings about. */
export interface BootstrapSettings {
  url: string;
  acceptEula: boolean;
  blobStores: string[];
  /** One policy for each format that has copies of another repository. */
  cleanupPolicies: { name: string; format: string; criteriaLastDownloaded: number }[];
  repositories: Repository[];
  role: { id: string; name: string; description: string; privileges: string[]; roles: string[] };
}

/** Name of the cleanup policy of a format. */
export function policyName(format: string): string {
  return `unused-${format}`;
}

/** User, and role, by which builds fetch and push artifacts. */
export const ciUser = "ci";

/** Settings of Nexus for a config. */
export function bootstrapSettings(
  url: string,
  { acceptEula, blobStores, cleanup, repositories }: ArtifactsConfig,
): BootstrapSettings {
  const entries = Object.entries(repositories);
  const copied = new Set(
    entries.filter(([, { type }]) => type === "proxy").map(([, { format }]) => format),
  );
  return {
    url,
    acceptEula,
    blobStores,
    cleanupPolicies: [...copied].sort().map((format) => ({
      name: policyName(format),
      format,
      criteriaLastDownloaded: Math.ceil(cleanup.unusedFor / 86_400),
    })),
    // A group names its members, so they come first.
    repositories: [
      ...entries.filter(([, { type }]) => type !== "group"),
      ...entries.filter(([, { type }]) => type === "group"),
    ].map(([name, repository]) => repositoryOf(name, repository)),
    role: {
      id: ciUser,
      name: ciUser,
      description: "Builds: fetch from all repositories, push to hosted ones",
      privileges: [
        ...["browse", "read", "add", "edit"].map((action) => `nx-repository-view-*-*-${action}`),
      ],
      roles: [],
    },
  };
}

function repositoryOf(name: string, repository: RepositoryConfig): Repository {
  const { format, type } = repository;
  const storage = { blobStoreName: format, strictContentTypeValidation: true };
  const common = { name, online: true };
  const kind = `${format === "maven2" ? "maven" : format}/${type}`;
  switch (repository.type) {
    case "group": {
      const { members } = repository;
      return { kind, name, body: { ...common, storage, group: { memberNames: members } } };
    }
    case "hosted": {
      const writePolicy = repository.overwrite ? "ALLOW" : "ALLOW_ONCE";
      const body = { ...common, storage: { ...storage, writePolicy } };
      return { kind, name, body: { ...body, ...formatFields(repository) } };
    }
    case "proxy":
      return {
        kind,
        name,
        cleaned: format,
        body: {
          ...common,
          storage,
          proxy: {
            remoteUrl: repository.remote,
            // Minutes. A released version never changes; everything else is asked for daily.
            contentMaxAge: released(repository) ? -1 : day,
            metadataMaxAge: day,
          },
          negativeCache: { enabled: true, timeToLive: day },
          httpClient: { blocked: false, autoBlock: true },
          ...formatFields(repository),
        },
      };
  }
}

const day = 1440;

type Versioned = Exclude<RepositoryConfig, { type: "group" }>;

function released({ format, versionPolicy }: Versioned): boolean {
  return format === "maven2" && versionPolicy === "release";
}

function formatFields({ format, versionPolicy }: Versioned): object {
  if (format === "raw") return { raw: { contentDisposition: "ATTACHMENT" } };
  if (format !== "maven2") return {};
  return { maven: { versionPolicy: versionPolicy.toUpperCase(), layoutPolicy: "STRICT" } };
}
