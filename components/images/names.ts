import type { Runtime } from "../../versions/runtimes";

/** Harbor's project for base images. */
const templateProject = "template";

/** Longest tag that a registry takes. */
const longestTag = 128;

/** What the name of an app's image says. */
export interface AppImage {
  /** Host of the registry, with its port if it has one. */
  registry: string;
  /** The app's domain: its project in the registry. */
  domain: string;
  app: string;
  version: string;
  environment: string;
  /** Commit, full or shortened to 7 digits or more; the name has the first 12. */
  commit: string;
}

/**
 * `registry/domain/app:version-environment-commit`, the one form of an app's image name.
 * @throws Error that names the part which cannot stand in an image name.
 */
export function appImageName(image: AppImage): string {
  for (const [part, [pattern, allowed]] of Object.entries(parts)) {
    const given = image[part as keyof AppImage];
    if (!pattern.test(given)) {
      throw new Error(`The image's ${part} is "${given}"; allowed is ${allowed}.`);
    }
  }
  const { registry, domain, app, version, environment, commit } = image;
  const tag = `${version}-${environment}-${commit.slice(0, 12)}`;
  if (tag.length > longestTag) {
    throw new Error(
      `The image's tag "${tag}" has ${tag.length} characters; allowed are ${longestTag}.`,
    );
  }
  return `${registry}/${domain}/${app}:${tag}`;
}

/** `registry/template/<runtime>:<version>`, the name of a base image. */
export function baseImageName(
  registry: string,
  { name, version }: Pick<Runtime, "name" | "version">,
): string {
  return `${registry}/${templateProject}/${name}:${version}`;
}

/** What each part may be: a registry's repositories are in lower case, its tags are words. */
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
