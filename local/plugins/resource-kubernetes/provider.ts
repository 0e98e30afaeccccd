import { containsUnknown, unwrapSecrets, type PropertyMap } from "../shared/values";
import { Api, fieldManager, UnknownKind, type Propagation } from "./api";
import { awaitGone, awaitReady, skipsAwaitGone, unreadyReasons } from "./await";
import { ApiError, Client } from "./client";
import { importedInputs, liveInputs } from "./drift";
import { explain } from "./explain";
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

/** An operation of the engine on one object. */
export interface Operation {
  urn: string;
  /** Type token. */
  type: string;
  preview: boolean;
  /** Timeout in seconds; 0 for the default. */
  timeout: number;
  progress: (message: string) => void;
}

/** Creates, updates, reads and deletes the objects of one cluster. */
export class Provider {
  private readonly api: Api;

  constructor(
    private readonly client: Client,
    private readonly stopped: AbortSignal,
    /** Namespace of objects without one. */
    private readonly namespace: string | undefined,
  ) {
    this.api = new Api(client, stopped);
  }

  /** Adds a namespace to inputs of a namespaced kind. */
  async withNamespace(inputs: PropertyMap, type: string): Promise<PropertyMap> {
    const name = nameOf(inputs, type);
    if (name.namespace !== undefined) return inputs;
    const namespaced = await this.api.isNamespaced(name).catch((error: unknown) => {
      // A kind whose CRD is created in the same update gets its namespace on creation.
      if (error instanceof UnknownKind) return false;
      throw error;
    });
    if (!namespaced) return inputs;
    return withMetadata(inputs, (metadata) => ({
      ...metadata,
      namespace: metadata.namespace ?? this.namespace ?? this.client.namespace,
    }));
  }

  /** Creates an object and waits until it is ready. */
  async create(
    inputs: PropertyMap,
    operation: Operation,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const name = nameOf(inputs, operation.type);
    const manager = fieldManager(operation.urn);
    const body = unwrapSecrets(inputs);
    if (operation.preview) {
      const tried = () => this.api.create(name, body, manager, { dryRun: true });
      return { id: "", outputs: await this.preview(name, inputs, tried) };
    }
    const live = await this.api
      .create(name, body, manager)
      .catch((error: unknown) => this.updateIfOwn(name, inputs, manager, error))
      .catch((error: unknown) => {
        throw explain(error, name, this.client.address);
      });
    return {
      id: idOf(name),
      outputs: outputsOf(await this.waitUntilReady(live, inputs, operation), inputs),
    };
  }

  /** Updates an object to the inputs and waits until it is ready. */
  async update(inputs: PropertyMap, operation: Operation): Promise<PropertyMap> {
    const name = nameOf(inputs, operation.type);
    const manager = fieldManager(operation.urn);
    if (operation.preview) {
      return this.preview(name, inputs, async () => {
        if (isDefinition(name)) return this.replaceDefinition(name, inputs, manager, true);
        const force = forced(inputs) || isAsCreated(await this.api.get(name));
        return this.api.apply(name, unwrapSecrets(inputs), manager, { dryRun: true, force });
      });
    }
    const live = await this.applyUpdate(name, inputs, manager).catch((error: unknown) => {
      throw explain(error, name, this.client.address);
    });
    return outputsOf(await this.waitUntilReady(live, inputs, operation), inputs);
  }

  /**
   * Returns the live object with its current inputs; undefined if it was deleted. A workload or Service that is not
   * ready has the reasons; the engine then makes the next update wait for it.
   */
  async read(id: string, inputs: PropertyMap, type: string): Promise<Unready | undefined> {
    const known = Object.keys(inputs).length > 0;
    const name = known ? nameOf(inputs, type) : nameOfId(id, type);
    const live = await this.api.get(name).catch((error: unknown) => {
      // Without its CRD, there are no objects of the kind.
      if (error instanceof UnknownKind) return undefined;
      throw explain(error, name, this.client.address);
    });
    if (live === undefined) return undefined;
    const current = known ? liveInputs(inputs, live) : importedInputs(live);
    // An imported object need not be ready.
    const reasons = known ? await unreadyReasons(live, this.api, name, inputs) : [];
    return { id, inputs: current, outputs: outputsOf(live, current), reasons };
  }

  /** Deletes the object with this name and waits until it is gone. */
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
      if (!skipsAwaitGone(inputs, name)) await awaitGone(this.waitOf(name, inputs, operation));
    } catch (error) {
      if (error instanceof UnknownKind) return;
      throw explain(error, name, this.client.address);
    }
  }

  /** Returns the result of a dry run on the server, or otherwise the inputs. */
  private async preview(
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
      throw explain(error, name, this.client.address);
    }
  }

  /** Updates an existing object to the inputs. */
  private async applyUpdate(
    name: ObjectName,
    inputs: PropertyMap,
    manager: string,
  ): Promise<KubernetesObject> {
    if (isDefinition(name)) return this.replaceDefinition(name, inputs, manager, false);
    await takeOver(this.api, name, manager);
    return this.api.apply(name, unwrapSecrets(inputs), manager, { force: forced(inputs) });
  }

  /** Replaces an existing CRD, which removes labels of other writers. */
  private async replaceDefinition(
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

  /** Whether a Service is rejected because it exists and already has its address or port. */
  private async isInOwnWay(name: ObjectName, refusal: unknown): Promise<boolean> {
    if (!(refusal instanceof ApiError && / is already allocated/.test(refusal.message)))
      return false;
    return (await this.api.get(name)) !== undefined;
  }

  /**
   * An existing object belongs to somebody else, unless this resource created it. The server may report another
   * conflict first: the port of a Service, or the quota.
   */
  private async updateIfOwn(
    name: ObjectName,
    inputs: PropertyMap,
    manager: string,
    refusal: unknown,
  ): Promise<KubernetesObject> {
    if (!(refusal instanceof ApiError && [403, 409, 422].includes(refusal.status))) throw refusal;
    // Without the right to read the object, the original error is shown.
    const present = await this.api.get(name).catch(() => undefined);
    const managers = present?.metadata.managedFields?.map((entry) => entry.manager) ?? [];
    if (!managers.includes(manager)) throw refusal;
    return this.applyUpdate(name, inputs, manager);
  }

  private waitUntilReady(
    live: KubernetesObject,
    inputs: PropertyMap,
    operation: Operation,
  ): Promise<KubernetesObject> {
    return awaitReady(live, this.waitOf(nameOf(inputs, operation.type), inputs, operation));
  }

  private waitOf(name: ObjectName, inputs: PropertyMap, { timeout, progress }: Operation) {
    return { api: this.api, name, inputs, timeout, stopped: this.stopped, progress };
  }
}

function forced(inputs: PropertyMap): boolean {
  return annotation(inputs, "pulumi.com/patchForce") === "true";
}

function isDefinition({ apiVersion, kind }: ObjectName): boolean {
  return kind === "CustomResourceDefinition" && apiVersion.startsWith("apiextensions.k8s.io/");
}

/** Returns the deletion policy of the inputs. Default: dependents are deleted first. */
function propagationOf(inputs: PropertyMap): Propagation {
  const policy = annotation(inputs, "pulumi.com/deletionPropagationPolicy")?.toLowerCase();
  return policy === "orphan" ? "Orphan" : policy === "background" ? "Background" : "Foreground";
}

/**
 * Whether a preview continues without the server's result: the same update may create the namespace or CRD, or delete
 * the conflicting object, and a read-only user may not even do a dry run.
 */
function cannotBeTried(error: unknown): boolean {
  if (error instanceof UnknownKind) return true;
  return (
    error instanceof ApiError && (error.status === 404 || error.status === 403 || error.exists)
  );
}
