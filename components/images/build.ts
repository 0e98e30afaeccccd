import type * as pulumi from "@pulumi/pulumi";
import type { Archive } from "../../versions/archives";
import { phpFlags } from "../../versions/php";
import { debianReleases, runtimeKey, type Runtime } from "../../versions/runtimes";

/** Where a build takes things from. */
export interface Sources {
  /** Address that holds every download under its host and path; the publishers themselves without it. */
  mirror?: string;
  /** Address of a copy of Debian, above its folder `debian`; the one of the base image without it. */
  debianMirror?: string;
}

/** Folder of a runtime's Dockerfile, from the project's folder: no machine's path gets into the state. */
export function contextOf({ name }: Pick<Runtime, "name">): string {
  return `components/images/docker/${name}`;
}

/**
 * Arguments of a runtime's Dockerfile, all of which it declares.
 * @param baseImage what the image is built from, by its digest where it is one of ours.
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
    ...words("PACKAGES", packages),
    ...words("BUILD_PACKAGES", buildPackages),
    // An image that is built on one of ours has the addresses from there.
    ...(debianMirror !== undefined && base in debianReleases
      ? { DEBIAN_MIRROR: withoutSlash(debianMirror) }
      : {}),
    ...(twofold.includes(runtime.name) ? { ORIGIN: compiled ? "compiled" : "packaged" } : {}),
    ...(compiled && mirror !== undefined ? { MIRROR: `${withoutSlash(mirror)}/` } : {}),
    ...archive("SOURCE", archives.source),
    ...archive("OPENSSL", archives.openssl),
    ...(compiled ? words("CONFIGURE_FLAGS", phpFlags(extensions)) : {}),
  };
}

/** Runtimes whose versions are compiled or come as Debian's packages. */
const twofold = ["nginx", "php"];

function archive(use: string, found: Archive | undefined): Record<string, string> {
  return found === undefined
    ? {}
    : { [`${use}_PATH`]: found.path, [`${use}_SHA256`]: found.sha256 };
}

function words(argument: string, list: readonly string[]): Record<string, string> {
  return list.length === 0 ? {} : { [argument]: list.join(" ") };
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}

/** What to tell about a runtime that nobody maintains any more; nothing about others. */
export function endOfLifeWarning(runtime: Runtime): string | undefined {
  if (!runtime.endOfLife) return undefined;
  const { endOfLifeDate = "an unknown date", instead } = runtime;
  return (
    `Base image ${runtimeKey(runtime)} has had no security fixes since its end of life on ${endOfLifeDate}. ` +
    `Move its apps to ${instead}; what runs on it should not be reached from the internet.`
  );
}
