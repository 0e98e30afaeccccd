import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** The project's name, as Pulumi.yaml says it, and the organization of backends that have none. */
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
  /** URNs that must be in place before. */
  dependencies: string[];
  /** URNs that each input is made of, by the input's name. */
  inputDependencies: Record<string, string[]>;
  /** Fields that others write, by path. */
  ignoreChanges: string[];
  /** Fields whose change means another object, by path, beside those that its plugin knows. */
  replaceOnChanges: string[];
  /** Whether the object stays where it is when the program no longer declares it. */
  retainOnDelete: boolean;
  /** How long each operation may take, such as `330s`; empty where the plugin decides. */
  timeouts: { create: string; update: string; delete: string };
  /** Inputs as the program gave them, secrets in plain text. */
  inputs: Record<string, unknown>;
}

/** What a run of the program would be given by the outside world. */
export interface World {
  /** Outputs that the stack's last update recorded; none before the first. */
  lastOutputs?: Record<string, unknown>;
  /** Outputs of other stacks, by `<organization>/<project>/<stack>`. */
  stackOutputs?: Record<string, Record<string, unknown>>;
}

/** A program: what `index.ts` exports. */
export type Program = () => Promise<Record<string, unknown>>;

/** What a run of the program declared. */
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

/** Notes every registration before the SDK's own mock answers it. */
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
      retainOnDelete: request.getRetainondelete() ?? false,
      timeouts: timeouts(request),
      inputs: plain(object?.toJavaScript() ?? {}) as Record<string, unknown>,
    });
  }
}

/**
 * Runs the program as `pulumi up` would, without an engine or a cluster, and notes what it declares.
 * Generated secrets are the same in every run, as they stand for values that only a stack has.
 * @param config the stack's config with full keys (`platform:domain`), values as YAML holds them.
 */
export async function record(
  program: Program,
  stack: string,
  config: Record<string, unknown>,
  world: World = {},
): Promise<Recording> {
  const monitor = new RecordingMonitor({
    call: ({ token, inputs }) =>
      token === "pulumi:pulumi:readStackOutputs"
        ? { outputs: outputsIn(world, stack, (inputs as { name: string }).name) }
        : inputs,
    newResource: ({ type, name, inputs, id }) => ({
      id: id || objectId(inputs) || name,
      state: { ...inputs, ...computed(type, name, inputs) },
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
  const outputs = await resolved(await program());
  await waitForRegistrations();
  return { registrations: monitor.registrations, outputs };
}

/** What the engine would say that a stack's last update recorded. */
function outputsIn(world: World, stack: string, name: string): Record<string, unknown> {
  if (name === `${organization}/${project}/${stack}`) return world.lastOutputs ?? {};
  const found = world.stackOutputs?.[name];
  if (found !== undefined) return found;
  // The SDK reads the text of an engine's error from `details`.
  const details = `unknown stack "${name}"`;
  throw Object.assign(new Error(details), { details });
}

/** The SDK's own wait for what is under way; it is exported, though not in its types. */
function waitForRegistrations(): Promise<void> {
  return (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

function inputDependencies(request: RegisterResourceRequest): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, input) => {
    found[input] = urns.getUrnsList();
  });
  return found;
}

/** What a real provider would have computed. */
function computed(
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

/** Config values reach a program as text, mappings and lists as JSON. */
function encode(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A value without Pulumi's marks for secrets. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Record<string, unknown>;
  if (map[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig) {
    return plain(map["value"]);
  }
  return Object.fromEntries(Object.entries(map).map(([key, entry]) => [key, plain(entry)]));
}

function resolved(outputs: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output(outputs).apply((values) => resolve(values as Record<string, unknown>));
  });
}
