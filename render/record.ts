import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { prepareRecording } from "./sdk";
import { runToEnd } from "./unhandled";

/** Organization of backends without organizations, and the name of the project in Pulumi.yaml. */
const [organization, project] = ["organization", "platform"];

/** One resource that the program registered. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent. */
  parent: string;
  /** URN and id of the provider; empty for components. */
  provider: string;
  custom: boolean;
  /** URNs of the resources that it depends on. */
  dependencies: string[];
  /** URNs of the resources that each input depends on, by the name of the input. */
  inputDependencies: Record<string, string[]>;
  /** Paths of fields whose changes are ignored, because others write them. */
  ignoreChanges: string[];
  /** Paths of fields whose change replaces the object, in addition to those that the plugin knows. */
  replaceOnChanges: string[];
  /** URNs that it may have in the state. */
  aliases: string[];
  /** Whether the object stays in the cluster when the program no longer declares it. */
  retainOnDelete: boolean;
  /** Whether the object is deleted before another one replaces it. */
  deleteBeforeReplace: boolean;
  /** Timeout of each operation, for example `330s`; empty for the default of the plugin. */
  timeouts: { create: string; update: string; delete: string };
  /** Inputs from the program, with secrets in plain text. */
  inputs: Record<string, unknown>;
}

/** What a run of the program gets from outside. */
export interface World {
  /** Outputs of the stack's last update; undefined before the first. */
  lastOutputs?: Record<string, unknown>;
  /** Outputs of other stacks, by `<organization>/<project>/<stack>`. */
  stackOutputs?: Record<string, Record<string, unknown>>;
}

/** A program, as `index.ts` exports it. */
export type Program = () => Promise<Record<string, unknown>>;

/** Result of a run of the program. */
export interface Recording {
  registrations: Registration[];
  /** Outputs of the stack, resolved. */
  outputs: Record<string, unknown>;
}

type Struct = { toJavaScript(): Record<string, unknown> };

function timeouts(request: RegisterResourceRequest): Registration["timeouts"] {
  const given = request.getCustomtimeouts();
  return {
    create: given?.getCreate() ?? "",
    update: given?.getUpdate() ?? "",
    delete: given?.getDelete() ?? "",
  };
}

/** Records every registration before the SDK's own mock answers it. */
class RecordingMonitor extends MockMonitor {
  readonly registrations: Registration[] = [];

  override async registerResource(
    request: RegisterResourceRequest,
    callback: Parameters<MockMonitor["registerResource"]>[1],
  ): Promise<void> {
    await super.registerResource(request, (error, response) => {
      if (!error) this.note(request, response.getUrn());
      callback(error, response);
    });
  }

  private note(request: RegisterResourceRequest, urn: string): void {
    const object = request.getObject() as unknown as Struct | undefined;
    this.registrations.push({
      urn,
      type: request.getType(),
      name: request.getName(),
      parent: request.getParent(),
      provider: request.getProvider(),
      custom: request.getCustom(),
      dependencies: request.getDependenciesList(),
      inputDependencies: inputDependencies(request),
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      aliases: request.getAliasurnsList(),
      retainOnDelete: request.getRetainondelete() ?? false,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      timeouts: timeouts(request),
      inputs: plain(object?.toJavaScript() ?? {}) as Record<string, unknown>,
    });
  }
}

/**
 * Runs the program as `pulumi up` would, without an engine or a cluster, and records what it declares.
 * Generated secrets are the same in every run.
 * @throws the first error of the program, also if it is one of an output or of a registration.
 * @param config the stack's config with full keys (`platform:domain`) and YAML values.
 */
export async function record(
  program: Program,
  stack: string,
  config: Record<string, unknown>,
  world: World = {},
): Promise<Recording> {
  prepareRecording();
  const monitor = new RecordingMonitor({
    call: ({ token, inputs }) =>
      token === "pulumi:pulumi:readStackOutputs"
        ? { outputs: outputsIn(world, stack, (inputs as { name: string }).name) }
        : inputs,
    newResource: ({ type, name, inputs, id }) => ({
      id: id || objectId(inputs) || name,
      state: { ...inputs, ...computeOutputs(type, name, inputs) },
    }),
  });
  await pulumi.runtime.setMocks(
    { call: () => ({}), newResource: () => ({ id: "", state: {} }) },
    project,
    stack,
    false,
    organization,
  );
  pulumi.runtime.setMockOptions(monitor, project, stack, false, organization);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, encode(value)])),
  );
  const outputs = await runToEnd(async () => resolveOutputs(await program()));
  return { registrations: monitor.registrations, outputs };
}

/** Returns the outputs of a stack's last update, as the engine would. */
function outputsIn(world: World, stack: string, name: string): Record<string, unknown> {
  if (name === `${organization}/${project}/${stack}`) return world.lastOutputs ?? {};
  const found = world.stackOutputs?.[name];
  if (found !== undefined) return found;
  // The SDK reads the text of an engine's error from `details`.
  const details = `unknown stack "${name}"`;
  throw Object.assign(new Error(details), { details });
}

function inputDependencies(request: RegisterResourceRequest): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, input) => {
    found[input] = urns.getUrnsList();
  });
  return found;
}

/** Returns values that a real provider would compute. */
function computeOutputs(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  if (type.startsWith("random:")) {
    return { result: `random-${name}`, bcryptHash: `bcrypt-${name}` };
  }
  if (type === "docker:index/image:Image") {
    return { repoDigest: `${String(inputs["imageName"])}@sha256:digest-of-${name}` };
  }
  return {};
}

function objectId(inputs: Record<string, unknown>): string | undefined {
  const metadata = inputs["metadata"] as { name?: string; namespace?: string } | undefined;
  if (metadata?.name === undefined) return undefined;
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}

/** Encodes a config value for a program: as text, or as JSON for mappings and lists. */
function encode(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Returns a value without Pulumi's marks for secrets. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Record<string, unknown>;
  if (map[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig) {
    return plain(map["value"]);
  }
  return Object.fromEntries(Object.entries(map).map(([key, entry]) => [key, plain(entry)]));
}

function resolveOutputs(outputs: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output(outputs).apply((values) => resolve(values as Record<string, unknown>));
  });
}
