import type * as pulumi from "@pulumi/pulumi";
import type { Archive } from "../../versions/archives";
import { phpFlags } from "../../versions/php";
import { debianReleases, runtimeKey, type Runtime } from "../../versions/runtimes";

/** Sources of a build. */
export interface Sources {
  /** URL of a mirror that has every download under its host and path. Default: the publishers. */
  mirror?: string;
  /** URL of a Debian mirror, above its folder `debian`. Default: the mirror of the base image. */
  debianMirror?: string;
}

/** Folder of a runtime's Dockerfile, relative to the project, so that no absolute path gets into the state. */
export function contextOf({ name }: Pick<Runtime, "name">): string {
  return `components/images/docker/${name}`;
}

/**
 * Returns the build arguments of a runtime's Dockerfile, all of which it declares.
 * @param baseImage the base image, by digest if this platform builds it.
 */
export function buildArguments(
  runtime: Runtime,
  baseImage: pulumi.Input<string>,
  { mirror, debianMirror }: Sources,
): Record<string, pulumi.Input<string>> {
  const { version, base, archives, packages, buildPackages, extensions } = runtime;
  const compiled = archives.source !== undefined;
  return {
    BASE_IMAGE: baseImage,
    VERSION: version,
    ...listArgument("PACKAGES", packages),
    ...listArgument("BUILD_PACKAGES", buildPackages),
    // An image that builds on one of the platform's images inherits its Debian mirror.
    ...(debianMirror !== undefined && base in debianReleases
      ? { DEBIAN_MIRROR: withoutSlash(debianMirror) }
      : {}),
    ...(compiledOrPackaged.includes(runtime.name)
      ? { ORIGIN: compiled ? "compiled" : "packaged" }
      : {}),
    ...(compiled && mirror !== undefined ? { MIRROR: `${withoutSlash(mirror)}/` } : {}),
    ...archive("SOURCE", archives.source),
    ...archive("OPENSSL", archives.openssl),
    ...(compiled ? listArgument("CONFIGURE_FLAGS", phpFlags(extensions)) : {}),
  };
}

/** Runtimes that are compiled in some versions and installed from Debian packages in others. */
const compiledOrPackaged = ["nginx", "php"];

function archive(use: string, found: Archive | undefined): Record<string, string> {
  return found === undefined
    ? {}
    : { [`${use}_PATH`]: found.path, [`${use}_SHA256`]: found.sha256 };
}

function listArgument(argument: string, list: readonly string[]): Record<string, string> {
  return list.length === 0 ? {} : { [argument]: list.join(" ") };
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}

/** Returns a warning for a runtime that is no longer maintained; undefined for others. */
export function endOfLifeWarning(runtime: Runtime): string | undefined {
  if (!runtime.endOfLife) return undefined;
  const { endOfLifeDate = "an unknown date", replacement } = runtime;
  return (
    `Base image ${runtimeKey(runtime)} has had no security fixes since its end of life on ${endOfLifeDate}. ` +
    `Move its apps to ${replacement}; apps that run on it should not be reachable from the internet.`
  );
}
