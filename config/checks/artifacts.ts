import type { ArtifactsConfig } from "../components/artifacts";
import { expected, listed, show, type ConfigError } from "../errors";

const key = "platform:components.artifacts";

/** Checks for features that Nexus does not have, and for groups of repositories that do not exist. */
export function artifactsChecks(artifacts: ArtifactsConfig | undefined): ConfigError[] {
  if (artifacts === undefined) return [];
  return [
    ...multipleReplicas(artifacts),
    ...unknownMembers(artifacts),
    ...unknownStores(artifacts),
  ];
}

function multipleReplicas({ replicas }: ArtifactsConfig): ConfigError[] {
  if (replicas === 1) return [];
  return [
    {
      key: `${key}.replicas`,
      message: expected(
        "1 replica",
        show(replicas),
        "only high availability of the Pro license, which this program does not support, lets several pods share a database",
      ),
    },
  ];
}

function unknownMembers({ repositories }: ArtifactsConfig): ConfigError[] {
  return Object.entries(repositories).flatMap(([name, group]) => {
    if (group.type !== "group") return [];
    const known = Object.entries(repositories)
      .filter(([, { format, type }]) => format === group.format && type !== "group")
      .map(([member]) => member)
      .sort();
    return group.members
      .filter((member) => !known.includes(member))
      .map((member) => ({
        key: `${key}.repositories.${name}.members`,
        message: expected(
          `a proxy or hosted repository of format ${group.format} (${listed(known)})`,
          show(member),
        ),
      }));
  });
}

function unknownStores({ blobStores, repositories }: ArtifactsConfig): ConfigError[] {
  const used = new Set(Object.values(repositories).map(({ format }) => format));
  return [...used]
    .filter((format) => !blobStores.includes(format))
    .map((format) => ({
      key: `${key}.blobStores`,
      message: expected(
        `a list with ${format}, because repositories of that format are stored there`,
        show(blobStores),
      ),
    }));
}
