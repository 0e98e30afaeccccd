import { existsSync, statSync } from "node:fs";
import { detailedDiff } from "../shared/diff";
import type { Engine } from "../shared/engine";
import type { CheckFailure, Operation, ResourceHandler } from "../shared/provider";
import { containsUnknown, isMap, PropertyMap, PropertyValue, UNKNOWN } from "../shared/values";
import { argumentFault, buildImage } from "./build";
import { contextDigest } from "./context";
import type { ProviderConfig } from "./config";
import { ImageSpec, readSpec } from "./spec";

/** Inputs that have no part in what is built: they change nothing by themselves. */
const WITHOUT_EFFECT = /^(registry(\.username|\.password)?|buildOnPreview|build\.cacheFrom\b.*)$/;

/** `docker.Image`: an image built by the docker command, and pushed. Deleting it removes nothing. */
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
        `Image ${old.id} cannot be imported: an image resource stands for a build. Declare it, and it is built.`,
      );
    },
    delete: () => undefined,
  };
}

async function checkInputs(
  inputs: PropertyMap,
): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
  const spec = readSpec(inputs);
  const failures = containsUnknown(inputs) ? [] : faults(spec);
  if (failures.length > 0) return { inputs, failures };
  const build = isMap(inputs.build) ? inputs.build : {};
  const { context = null, dockerfile = null } = build;
  const digest = containsUnknown([context, dockerfile])
    ? UNKNOWN
    : await contextDigest(spec.context, spec.dockerfile);
  return {
    inputs: { ...inputs, build: { ...build, contextDigest: digest } },
    failures: [],
  };
}

function faults(spec: ImageSpec): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  if (spec.imageName === "") fail("imageName", "must be repository[:tag]");
  if (!existsSync(spec.context) || !statSync(spec.context).isDirectory())
    fail("build.context", `there is no folder ${spec.context} below ${process.cwd()}`);
  else if (!existsSync(spec.dockerfile))
    fail("build.dockerfile", `there is no Dockerfile ${spec.dockerfile} below ${process.cwd()}`);
  for (const [name, value] of Object.entries(spec.args)) {
    const fault = argumentFault(name, value, spec.secrets);
    if (fault !== undefined) fail(`build.args.${name}`, fault);
  }
  return failures;
}

/** What the SDK offers to the program. */
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
