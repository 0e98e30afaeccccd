import { reasonOf } from "../../../config/reason";
import { docker, DockerMissing, DockerOptions } from "./docker";
import { withLogins } from "./session";
import type { ImageSpec, Login } from "./spec";

/** Environment variables that configure docker itself; build arguments cannot use these names. */
const RESERVED = /^(PATH|HOME|TMPDIR|DOCKER_.*|BUILDX_.*)$/;

/** Builds an image, pushes it unless pushing is off, and returns its exact reference. */
export async function buildImage(
  spec: ImageSpec,
  logins: readonly Login[],
  options: DockerOptions,
): Promise<string> {
  await requireEngine(spec, options);
  return withLogins(logins, options, async (session) => {
    await docker(buildArguments(spec), {
      ...session,
      env: { ...session.env, ...buildEnvironment(spec) },
    });
    const { imageName } = spec;
    if (spec.skipPush)
      return docker(["image", "inspect", "--format", "{{.Id}}", imageName], session);
    await docker(["push", imageName], session);
    return pushedDigest(imageName, session);
  });
}

/** Returns the arguments of the build command. The values of build arguments are in the environment. */
export function buildArguments(spec: ImageSpec): string[] {
  return [
    ...["build", "--file", spec.dockerfile, "--tag", spec.imageName],
    ...(spec.buildKit ? ["--progress", "plain"] : []),
    ...option("--platform", spec.platform),
    ...option("--target", spec.target),
    ...option("--network", spec.network),
    ...spec.addHosts.flatMap((host) => ["--add-host", host]),
    ...spec.cacheFrom.flatMap((image) => ["--cache-from", image]),
    ...Object.entries(spec.args).flatMap(([name, value]) => [
      "--build-arg",
      RESERVED.test(name) ? `${name}=${value}` : name,
    ]),
    spec.context,
  ];
}

/** Returns why build argument `name` cannot be passed; undefined if it can. */
export function argumentFault(
  name: string,
  value: string,
  secrets: readonly string[],
): string | undefined {
  return RESERVED.test(name) && secrets.includes(value)
    ? `a secret build argument cannot be named ${name}, which configures docker itself; choose another name`
    : undefined;
}

function buildEnvironment(spec: ImageSpec): NodeJS.ProcessEnv {
  const passed = Object.entries(spec.args).filter(([name]) => !RESERVED.test(name));
  return {
    ...Object.fromEntries(passed),
    DOCKER_BUILDKIT: spec.buildKit ? "1" : "0",
    // The docker engine's builder: other builders would not store the image where it can be pushed from.
    BUILDX_BUILDER: "default",
  };
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

async function requireEngine(spec: ImageSpec, options: DockerOptions): Promise<void> {
  try {
    await docker(["version", "--format", "{{.Server.Version}}"], {
      ...options,
      onLine: undefined,
    });
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const cause = reasonOf(error);
    const needed =
      error instanceof DockerMissing
        ? "Install a container engine with the docker command (Docker Engine or Docker Desktop)"
        : "Start the engine, or set DOCKER_HOST to one that runs";
    throw new Error(
      `Image ${spec.imageName} cannot be built from ${spec.context}: ${cause}\n` +
        `${needed}; or let this stack declare no builds, and name images that are in a registry already.`,
      { cause: error },
    );
  }
}

async function pushedDigest(imageName: string, session: DockerOptions): Promise<string> {
  const format = "{{range .RepoDigests}}{{println .}}{{end}}";
  const found = await docker(["image", "inspect", "--format", format, imageName], session);
  const repository = imageName.replace(/:[^:/]*$/, "");
  const digest = found
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line.startsWith(`${repository}@`));
  if (digest !== undefined) return digest;
  throw new Error(
    `Image ${imageName} was pushed, but docker has no digest of it in ${repository}. ` +
      `It lists: ${found.trim() || "none"}.`,
  );
}
