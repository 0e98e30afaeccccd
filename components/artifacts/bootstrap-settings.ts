import type { ArtifactsConfig, RepositoryConfig } from "../../config";
import { daysOf } from "../../config/durations";

/** A repository in the format of Nexus's REST API. */
export interface Repository {
  /** Path of the repository's kind in the API, for example `maven/proxy`. */
  kind: string;
  name: string;
  /** Format of the repository's cleanup policy, if it has one. */
  cleaned?: string;
  body: object;
}

/** Settings of the bootstrap script. */
export interface BootstrapSettings {
  url: string;
  acceptEula: boolean;
  blobStores: string[];
  /** One cleanup policy for each format with proxy repositories; `criteriaLastDownloaded` is in days. */
  cleanupPolicies: { name: string; format: string; criteriaLastDownloaded: number }[];
  repositories: Repository[];
  role: { id: string; name: string; description: string; privileges: string[]; roles: string[] };
}

/** Name of the cleanup policy of a format. */
export function policyName(format: string): string {
  return `unused-${format}`;
}

/** Name of the user, and of its role, with which builds download and publish artifacts. */
export const ciUser = "ci";

/** Returns the settings of Nexus for a stack's config. */
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
      criteriaLastDownloaded: daysOf(cleanup.unusedFor),
    })),
    // Members come before the groups that name them.
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
            // Minutes. A released version never changes; everything else is checked once a day.
            contentMaxAge: hasOnlyReleases(repository) ? -1 : day,
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

function hasOnlyReleases({ format, versionPolicy }: Versioned): boolean {
  return format === "maven2" && versionPolicy === "release";
}

function formatFields({ format, versionPolicy }: Versioned): object {
  if (format === "raw") return { raw: { contentDisposition: "ATTACHMENT" } };
  if (format !== "maven2") return {};
  return { maven: { versionPolicy: versionPolicy.toUpperCase(), layoutPolicy: "STRICT" } };
}
