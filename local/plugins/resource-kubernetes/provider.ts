import { containsUnknown, unwrapSecrets, type PropertyMap } from "../shared/values";
import { Api, fieldManager, UnknownKind, type Propagation } from "./api";
import { awaitGone, awaitReady, skipsAwaitGone, unreadyReasons } from "./await";
import { ApiError, Client } from "./client";
import { importedInputs, liveInputs } from "./drift";
import { explained } from "./explain";
import {
  annotation,
  idOf,
  nameOf,
  nameOfId,
  withMetadata,
  type KubernetesObject,
  type ObjectName,
} from "./objects";
import { echoedOutputs, outputsOf, previewedOutputs } from "./outputs";
import { isAsCreated, takeOver } from "./ownership";
import type { Unready } from "./init-failed";

/** One operation on one object, as the engine asks for it. */
export interface Operation {
  urn: string;
  /** Type token. */
  type: string;
  preview: boolean;
  /** Seconds; 0 for the default. */
  timeout: number;
  progress: (message: string) => void;
}

/** Makes a cluster's objects what the program says. */
export class Provider {
  private readonly api: Api;

  constructor(
    private readonly client: Client,
    private readonly stopped: AbortSignal,
    /** Namespace of objects that name none. */
    private readonly namespace: string | undefined,
  ) {
    this.api = new Api(client, stopped);
  }

  /** Inputs with a namespace, where the kind has one. */
  async placed(inputs: PropertyMap, type: string): Promise<PropertyMap> {
    const name = nameOf(inputs, type);
    if (name.namespace !== undefined) return inputs;
    const namespaced = await this.api.namespaced(name).catch((error: unknown) => {
      // A kind that is defined in this very update is placed when it is created.
      if (error instanceof UnknownKind) return false;
      throw error;
    });
    if (!namespaced) return inputs;
    return withMetadata(inputs, (metadata) => ({
      ...metadata,
      namespace: metadata.namespace ?? this.namespace ?? this.client.namespace,
    }));
  }

  /** Creates an object and waits until it is in place. */
  async create(
    inputs: PropertyMap,
    operation: Operation,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const name = nameOf(inputs, operation.type);
    const manager = fieldManager(operation.urn);
    const body = unwrapSecrets(inputs);
    if (operation.preview) {
      const tried = () => this.api.create(name, body, manager, { dryRun: true });
      return { id: "", outputs: await this.previewed(name, inputs, tried) };
    }
    const live = await this.api
      .create(name, body, manager)
      .catch((error: unknown) => this.takenUp(name, inputs, manager, error))
      .catch((error: unknown) => {
        throw explained(error, name, this.client.address);
      });
    return {
      id: idOf(name),
      outputs: outputsOf(await this.settled(live, inputs, operation), inputs),
    };
  }

  /** Makes an object what the inputs say and waits until it is in place. */
  async update(inputs: PropertyMap, operation: Operation): Promise<PropertyMap> {
    const name = nameOf(inputs, operation.type);
    const manager = fieldManager(operation.urn);
    if (operation.preview) {
      return this.previewed(name, inputs, async () => {
        if (isDefinition(name)) return this.replaced(name, inputs, manager, true);
        const force = forced(inputs) || isAsCreated(await this.api.get(name));
        return this.api.apply(name, unwrapSecrets(inputs), manager, { dryRun: true, force });
      });
    }
    const live = await this.made(name, inputs, manager).catch((error: unknown) => {
      throw explained(error, name, this.client.address);
    });
    return outputsOf(await this.settled(live, inputs, operation), inputs);
  }

  /**
   * An object as it is, with the inputs that it now has; nothing when it is gone. A workload or a Service
   * that is not ready comes with the reasons: the engine then has the next update wait for it.
   */
  async read(id: string, inputs: PropertyMap, type: string): Promise<Unready | undefined> {
    const known = Object.keys(inputs).length > 0;
    const name = known ? nameOf(inputs, type) : nameOfId(id, type);
    const live = await this.api.get(name).catch((error: unknown) => {
      // Without its definition, there is no object of the kind either.
      if (error instanceof UnknownKind) return undefined;
      throw explained(error, name, this.client.address);
    });
    if (live === undefined) return undefined;
    const current = known ? liveInputs(inputs, live) : importedInputs(live);
    // What is imported is taken as it is.
    const reasons = known ? await unreadyReasons(live, this.api, name, inputs) : [];
    return { id, inputs: current, outputs: outputsOf(live, current), reasons };
  }

  /** Deletes the object of this name and waits until it is gone. */
  async delete(
    id: string,
    inputs: PropertyMap,
    outputs: PropertyMap,
    operation: Operation,
  ): Promise<void> {
    const source = Object.keys(inputs).length > 0 ? inputs : outputs;
    const name =
      Object.keys(source).length > 0
        ? nameOf(source, operation.type)
        : nameOfId(id, operation.type);
    try {
      await this.api.delete(name, propagationOf(inputs));
      if (!skipsAwaitGone(inputs, name)) await awaitGone(this.wait(name, inputs, operation));
    } catch (error) {
      if (error instanceof UnknownKind) return;
      throw explained(error, name, this.client.address);
    }
  }

  /** What the object would be, as the server answers to a dry run; else as the inputs say. */
  private async previewed(
    name: ObjectName,
    inputs: PropertyMap,
    dryRun: () => Promise<KubernetesObject>,
  ): Promise<PropertyMap> {
    if (containsUnknown(inputs)) return echoedOutputs(inputs);
    try {
      return previewedOutputs(await dryRun(), inputs);
    } catch (error) {
      if (cannotBeTried(error) || (await this.isInOwnWay(name, error))) {
        return echoedOutputs(inputs);
      }
      throw explained(error, name, this.client.address);
    }
  }

  /** Makes an object that is there what the inputs say. */
  private async made(
    name: ObjectName,
    inputs: PropertyMap,
    manager: string,
  ): Promise<KubernetesObject> {
    if (isDefinition(name)) return this.replaced(name, inputs, manager, false);
    await takeOver(this.api, name, manager);
    return this.api.apply(name, unwrapSecrets(inputs), manager, { force: forced(inputs) });
  }

  /** Puts a definition in the place of the one that is there: labels that others set on it are gone. */
  private async replaced(
    name: ObjectName,
    inputs: PropertyMap,
    manager: string,
    dryRun: boolean,
  ): Promise<KubernetesObject> {
    const live = await this.api.get(name);
    const resourceVersion = live?.metadata.resourceVersion ?? null;
    const body = withMetadata(unwrapSecrets(inputs), (it) => ({ ...it, resourceVersion }));
    return this.api.replace(name, body, manager, { dryRun });
  }

  /** Whether a Service is refused its address or port because it is there already, and has it. */
  private async isInOwnWay(name: ObjectName, refusal: unknown): Promise<boolean> {
    if (!(refusal instanceof ApiError && / is already allocated/.test(refusal.message)))
      return false;
    return (await this.api.get(name)) !== undefined;
  }

  /**
   * An object that is there already is somebody else's, unless this very resource made it. The server may
   * find something else first that another one of the kind cannot have: a Service's port, a quota's rest.
   */
  private async takenUp(
    name: ObjectName,
    inputs: PropertyMap,
    manager: string,
    refusal: unknown,
  ): Promise<KubernetesObject> {
    if (!(refusal instanceof ApiError && [403, 409, 422].includes(refusal.status))) throw refusal;
    // Who may not look is told what the server said in the first place.
    const present = await this.api.get(name).catch(() => undefined);
    const managers = present?.metadata.managedFields?.map((entry) => entry.manager) ?? [];
    if (!managers.includes(manager)) throw refusal;
    return this.made(name, inputs, manager);
  }

  private settled(
    live: KubernetesObject,
    inputs: PropertyMap,
    operation: Operation,
  ): Promise<KubernetesObject> {
    return awaitReady(live, this.wait(nameOf(inputs, operation.type), inputs, operation));
  }

  private wait(name: ObjectName, inputs: PropertyMap, { timeout, progress }: Operation) {
    return { api: this.api, name, inputs, timeout, stopped: this.stopped, progress };
  }
}

function forced(inputs: PropertyMap): boolean {
  return annotation(inputs, "pulumi.com/patchForce") === "true";
}

function isDefinition({ apiVersion, kind }: ObjectName): boolean {
  return kind === "CustomResourceDefinition" && apiVersion.startsWith("apiextensions.k8s.io/");
}

/** What the program says of the objects that belong to one; they go before it by default. */
function propagationOf(inputs: PropertyMap): Propagation {
  const policy = annotation(inputs, "pulumi.com/deletionPropagationPolicy")?.toLowerCase();
  return policy === "orphan" ? "Orphan" : policy === "background" ? "Background" : "Foreground";
}

/**
 * Whether a preview goes on without the server's answer: a namespace or a definition may come in the
 * same update, what is in the way may go in it, and who only looks may not even try.
 */
function cannotBeTried(error: unknown): boolean {
  if (error instanceof UnknownKind) return true;
  return (
    error instanceof ApiError && (error.status === 404 || error.status === 403 || error.exists)
  );
}
