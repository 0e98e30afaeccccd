import type { Runtime } from "../../versions/runtimes";

/** Harbor project of the base images. */
const templateProject = "template";

/** Longest tag that a registry accepts. */
const longestTag = 128;

/** The parts of an app image's name. */
export interface AppImage {
  /** Host of the registry, with its port if it has one. */
  registry: string;
  /** The app's domain, which is its project in the registry. */
  domain: string;
  app: string;
  version: string;
  environment: string;
  /** Commit ID, full or shortened to at least 7 digits; the name contains the first 12. */
  commit: string;
}

/**
 * Returns `registry/domain/app:version-environment-commit`, the only format of an app image's name.
 * @throws Error that names the part which an image name cannot contain.
 */
export function appImageName(image: AppImage): string {
  for (const [part, [pattern, allowed]] of Object.entries(parts)) {
    const given = image[part as keyof AppImage];
    if (!pattern.test(given)) {
      throw new Error(`The image's ${part}: expected ${allowed}, got "${given}".`);
    }
  }
  const { registry, domain, app, version, environment, commit } = image;
  const tag = `${version}-${environment}-${commit.slice(0, 12)}`;
  if (tag.length > longestTag) {
    throw new Error(
      `The image's tag: expected at most ${longestTag} characters, got ${tag.length}: "${tag}".`,
    );
  }
  return `${registry}/${domain}/${app}:${tag}`;
}

/** Returns `registry/template/<runtime>:<version>`, the name of a base image. */
export function baseImageName(
  registry: string,
  { name, version }: Pick<Runtime, "name" | "version">,
): string {
  return `${registry}/${templateProject}/${name}:${version}`;
}

/** Pattern of each part: repositories are in lower case, tags consist of word characters. */
const parts: Record<keyof AppImage, [pattern: RegExp, allowed: string]> = {
  registry: [
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?$/,
    "a host in lower case, with a port or without",
  ],
  domain: [
    /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    "a host name in lower case",
  ],
  app: [/^[a-z]([-a-z0-9]*[a-z0-9])?$/, "a name of lower-case letters, digits and dashes"],
  version: [
    /^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$/,
    "a semantic version without build data, for example 1.4.2",
  ],
  environment: [/^[a-z]([-a-z0-9]*[a-z0-9])?$/, "an environment in lower case, for example online"],
  commit: [/^[0-9a-f]{7,64}$/, "7 to 64 hexadecimal digits in lower case"],
};
