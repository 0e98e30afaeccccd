import { detailedDiff, type PropertyChange } from "../shared/diff";
import { containsUnknown, unwrapSecrets, type PropertyMap } from "../shared/values";
import { Api, fieldManager, UnknownKind } from "./api";
import { awaitGone, awaitReady, skipsAwait } from "./await";
import { ApiError, Client } from "./client";
import { importedInputs, liveInputs } from "./drift";
import { explained } from "./explain";
import { autonamed } from "./naming";
import {
  annotation,
  idOf,
  nameOf,
  nameOfId,
  title,
  withMetadata,
  type KubernetesObject,
  type ObjectName,
} from "./objects";
import { echoedOutputs, outputsOf, previewedOutputs } from "./outputs";
import { takeOver } from "./ownership";
import { refusedPaths, replaces } from "./replace";

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

/** A change with what it means for the object. */
export interface ObjectChange extends PropertyChange {
  replace: boolean;
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

  /** What differs between two versions of the inputs, and whether it means another object. */
  async diff(
    urn: string,
    type: string,
    old: PropertyMap,
    inputs: PropertyMap,
  ): Promise<{ changes: ObjectChange[]; deleteFirst: boolean }> {
    const changes = detailedDiff(old, inputs);
    if (changes.length === 0) return { changes: [], deleteFirst: false };
    const name = nameOf(inputs, type);
    const former = nameOf(old, type);
    const facts = {
      groupChanges: groupOf(former) !== groupOf(name),
      frozen: unwrapSecrets(old).immutable === true,
    };
    const known = changes.map((change) => ({
      ...change,
      replace: replaces(change.path, name, facts),
    }));
    const refused = known.some(({ replace }) => replace)
      ? new Set<string>()
      : await this.refused(urn, name, inputs, changes);
    return {
      changes: known.map((change) => ({
        ...change,
        replace: change.replace || refused.has(change.path),
      })),
      // Two objects of one name cannot be there at once.
      deleteFirst:
        idOf(former) === idOf(name) &&
        former.kind === name.kind &&
        annotation(inputs, autonamed) !== "true",
    };
  }

  /** Creates an object and waits until it is in place. */
  async create(
    inputs: PropertyMap,
    operation: Operation,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const name = nameOf(inputs, operation.type);
    if (operation.preview) {
      // The id of an object whose name is not known yet is not known either.
      const id = name.name === "" ? "" : idOf(name);
      return { id, outputs: await this.previewed(name, inputs, operation) };
    }
    const manager = fieldManager(operation.urn);
    await this.refuseForeign(name, manager);
    const live = await this.apply(name, inputs, operation, { wait: true });
    return {
      id: idOf(name),
      outputs: outputsOf(await this.settled(live, inputs, operation), inputs),
    };
  }

  /** Makes an object what the inputs say and waits until it is in place. */
  async update(inputs: PropertyMap, operation: Operation): Promise<PropertyMap> {
    const name = nameOf(inputs, operation.type);
    if (operation.preview) return this.previewed(name, inputs, operation);
    await takeOver(this.api, name, fieldManager(operation.urn)).catch((error: unknown) => {
      throw explained(error, name, this.client.address);
    });
    const live = await this.apply(name, inputs, operation, {});
    return outputsOf(await this.settled(live, inputs, operation), inputs);
  }

  /** An object as it is, with the inputs that it now has; nothing when it is gone. */
  async read(
    id: string,
    inputs: PropertyMap,
    type: string,
  ): Promise<{ id: string; inputs: PropertyMap; outputs: PropertyMap } | undefined> {
    const known = Object.keys(inputs).length > 0;
    const name = known ? nameOf(inputs, type) : nameOfId(id, type);
    const live = await this.api.get(name).catch((error: unknown) => {
      // Without its definition, there is no object of the kind either.
      if (error instanceof UnknownKind) return undefined;
      throw explained(error, name, this.client.address);
    });
    if (live === undefined) return undefined;
    const current = known ? liveInputs(inputs, live) : importedInputs(live);
    return { id, inputs: current, outputs: outputsOf(live, current) };
  }

  /** Deletes an object and waits until it is gone. */
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
    const { uid } = (unwrapSecrets(outputs).metadata ?? {}) as { uid?: string };
    try {
      await this.api.delete(name, typeof uid === "string" ? uid : undefined);
      if (!skipsAwait(inputs)) await awaitGone(this.wait(name, inputs, operation));
    } catch (error) {
      if (error instanceof UnknownKind) return;
      // Another object has taken the name: the one that is meant is gone.
      if (error instanceof ApiError && error.status === 409) return;
      throw explained(error, name, this.client.address);
    }
  }

  private async previewed(
    name: ObjectName,
    inputs: PropertyMap,
    { urn }: Operation,
  ): Promise<PropertyMap> {
    if (containsUnknown(inputs)) return echoedOutputs(inputs);
    try {
      const live = await this.api.apply(name, unwrapSecrets(inputs), fieldManager(urn), {
        dryRun: true,
        force: forced(inputs),
      });
      return previewedOutputs(live, inputs);
    } catch (error) {
      // Its namespace or its definition may come in the same update.
      const missing = error instanceof ApiError && error.status === 404;
      if (error instanceof UnknownKind || missing) return echoedOutputs(inputs);
      throw explained(error, name, this.client.address);
    }
  }

  private async apply(
    name: ObjectName,
    inputs: PropertyMap,
    { urn }: Operation,
    { wait = false },
  ): Promise<KubernetesObject> {
    try {
      return await this.api.apply(name, unwrapSecrets(inputs), fieldManager(urn), {
        force: forced(inputs),
        wait,
      });
    } catch (error) {
      throw explained(error, name, this.client.address);
    }
  }

  /** An object that is there already is somebody else's, unless this very resource made it. */
  private async refuseForeign(name: ObjectName, manager: string): Promise<void> {
    const present = await this.api.get(name).catch((error: unknown) => {
      if (error instanceof UnknownKind) return undefined;
      throw explained(error, name, this.client.address);
    });
    if (present === undefined) return;
    const managers = present.metadata.managedFields?.map((entry) => entry.manager) ?? [];
    if (managers.includes(manager)) return;
    throw new Error(
      `${title(name)} already exists at ${this.client.address}, and this stack did not create it. ` +
        `Import it (pulumi import, or the option "import"), or give the new object another name.`,
    );
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

  /** The changes that the API server itself refuses to make to the object that is there. */
  private async refused(
    urn: string,
    name: ObjectName,
    inputs: PropertyMap,
    changes: PropertyChange[],
  ): Promise<Set<string>> {
    if (containsUnknown(inputs)) return new Set();
    try {
      await this.api.apply(name, unwrapSecrets(inputs), fieldManager(urn), {
        dryRun: true,
        force: forced(inputs),
      });
      return new Set();
    } catch (error) {
      // Whatever else is wrong comes up again, with its explanation, when the update is previewed.
      return error instanceof ApiError && error.status === 422
        ? refusedPaths(error, changes)
        : new Set();
    }
  }
}

function forced(inputs: PropertyMap): boolean {
  return annotation(inputs, "pulumi.com/patchForce") === "true";
}

function groupOf({ apiVersion }: ObjectName): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}
