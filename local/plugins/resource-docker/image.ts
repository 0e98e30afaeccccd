import { existsSync, statSync } from "node:fs";
import { childPath, detailedDiff } from "../shared/diff";
import type { Engine } from "../shared/engine";
import type { CheckFailure, Operation, ResourceHandler } from "../shared/provider";
import { containsUnknown, isMap, PropertyMap, PropertyValue, UNKNOWN } from "../shared/values";
import { argumentFault, buildImage } from "./build";
import { contextDigest } from "./context";
import type { ProviderConfig } from "./config";
import { ImageSpec, readSpec } from "./spec";

/** Inputs that do not affect the image: if nothing else changes, the image does not change. */
const WITHOUT_EFFECT = /^(registry(\.username|\.password)?|buildOnPreview|build\.cacheFrom\b.*)$/;

/** `docker.Image`: an image that the docker command builds and pushes. Deletion does not remove the image. */
export function imageHandler(engine: Engine, config: () => ProviderConfig): ResourceHandler {
  const build = async (inputs: PropertyMap, operation: Operation) => {
    const spec = readSpec(inputs);
    const { env, logins } = config();
    const all = [...logins, ...(spec.login ? [spec.login] : [])];
    return buildImage(spec, all, {
      env: { ...process.env, ...env },
      secrets: [...spec.secrets, ...logins.map(({ password }) => password)],
      signal: operation.signal,
      onLine: (line) => void engine.log("info", line, operation.urn, { ephemeral: true }),
    });
  };
  const state = async (inputs: PropertyMap, operation: Operation) => {
    const digest = operation.preview ? UNKNOWN : await build(inputs, operation);
    return outputs(inputs, digest);
  };
  return {
    async check(inputs, { urn }) {
      if (inputs.buildOnPreview === true)
        await engine.log(
          "warning",
          "buildOnPreview is set, but this plugin builds in updates only.",
          urn,
        );
      return checkInputs(inputs);
    },
    diff: (old, inputs) =>
      detailedDiff(old.inputs, inputs)
        .filter(({ path }) => !WITHOUT_EFFECT.test(path))
        .map((change) => ({ ...change, replace: change.path === "imageName" })),
    create: async (inputs, operation) => ({
      id: operation.preview ? "" : readSpec(inputs).imageName,
      state: await state(inputs, operation),
    }),
    update: (_, inputs, operation) => state(inputs, operation),
    read(old) {
      if ("repoDigest" in old.state) return old;
      throw new Error(
        `Image ${old.id} cannot be imported: an image resource represents a build. Declare it, and it is built.`,
      );
    },
    delete: () => undefined,
  };
}

async function checkInputs(
  inputs: PropertyMap,
): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
  const spec = readSpec(inputs);
  const build = isMap(inputs.build) ? inputs.build : {};
  const { context = null, dockerfile = null } = build;
  const pathsKnown = !containsUnknown([context, dockerfile]);
  const failures = [
    ...(containsUnknown(inputs.imageName ?? null) ? [] : nameFaults(spec)),
    ...(pathsKnown ? pathFaults(spec) : []),
    ...argumentFaults(spec),
  ];
  if (failures.length > 0) return { inputs, failures };
  const digest = pathsKnown ? await contextDigest(spec.context, spec.dockerfile) : UNKNOWN;
  return {
    inputs: { ...inputs, build: { ...build, contextDigest: digest } },
    failures: [],
  };
}

function nameFaults({ imageName }: ImageSpec): CheckFailure[] {
  if (imageName !== "") return [];
  return [{ property: "imageName", reason: "must be repository[:tag]" }];
}

function pathFaults({ context, dockerfile }: ImageSpec): CheckFailure[] {
  const place = `seen from ${process.cwd()}`;
  if (!existsSync(context) || !statSync(context).isDirectory()) {
    const reason = `there is no folder ${context}, ${place}`;
    return [{ property: "build.context", reason }];
  }
  if (!existsSync(dockerfile)) {
    const reason = `there is no Dockerfile ${dockerfile}, ${place}`;
    return [{ property: "build.dockerfile", reason }];
  }
  return [];
}

function argumentFaults({ args, secrets }: ImageSpec): CheckFailure[] {
  return Object.entries(args).flatMap(([name, value]) => {
    const reason = argumentFault(name, value, secrets);
    return reason === undefined ? [] : [{ property: childPath("build.args", name), reason }];
  });
}

/** Returns the outputs of the SDK's resource. */
function outputs(inputs: PropertyMap, digest: PropertyValue): PropertyMap {
  if (containsUnknown(inputs)) {
    const { imageName = UNKNOWN } = inputs;
    return {
      ...{ imageName, baseImageName: imageName, registryServer: UNKNOWN },
      ...{ context: UNKNOWN, dockerfile: UNKNOWN, repoDigest: digest },
    };
  }
  const spec = readSpec(inputs);
  return {
    imageName: spec.imageName,
    baseImageName: spec.imageName,
    registryServer: spec.registryServer,
    context: spec.context,
    dockerfile: spec.dockerfile,
    ...(spec.platform === undefined ? {} : { platform: spec.platform }),
    repoDigest: digest,
  };
}
