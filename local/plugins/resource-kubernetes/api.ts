import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type Client } from "./client";
import { title, type KubernetesObject, type ObjectName } from "./objects";

interface ResourceKind {
  path: string;
  isNamespaced: boolean;
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

/** Timeout until a kind is served after its CRD was created, milliseconds. */
const newKindTimeout = 30_000;

/** What happens to the dependents of a deleted object. */
export type Propagation = "Foreground" | "Background" | "Orphan";

/** The kind is not served, because its CRD is missing. */
export class UnknownKind extends Error {}

/** Access to objects of any kind, by the API server's discovery. */
export class Api {
  private readonly groups = new Map<string, Promise<ResourceList>>();

  constructor(
    readonly client: Client,
    private readonly stopped: AbortSignal,
  ) {}

  /** Returns the live object; undefined if there is none. */
  async get(name: ObjectName): Promise<KubernetesObject | undefined> {
    const path = await this.path(name);
    return this.client
      .send<KubernetesObject>({ method: "GET", path, signal: this.stopped })
      .catch(absent);
  }

  /** Creates an object; the server rejects it if it exists. */
  async create(
    name: ObjectName,
    body: unknown,
    manager: string,
    { dryRun = false } = {},
  ): Promise<KubernetesObject> {
    const path = dryRun ? await this.path(name) : await this.pathWhenServed(name);
    return this.client.send<KubernetesObject>({
      method: "POST",
      path: path.slice(0, path.lastIndexOf("/")),
      query: { fieldManager: manager, ...(dryRun ? { dryRun: "All" } : {}) },
      body,
      contentType: "application/json",
      signal: this.stopped,
    });
  }

  /** Applies an object on the server: sets the fields that the manager owns to those of the body. */
  async apply(
    name: ObjectName,
    body: unknown,
    manager: string,
    { dryRun = false, force = false },
  ): Promise<KubernetesObject> {
    return this.client.send<KubernetesObject>({
      method: "PATCH",
      path: await this.path(name),
      query: {
        fieldManager: manager,
        ...(force ? { force: "true" } : {}),
        ...(dryRun ? { dryRun: "All" } : {}),
      },
      body,
      contentType: "application/apply-patch+yaml",
      signal: this.stopped,
    });
  }

  /** Replaces an object: fields that the body lacks are removed, whatever their manager. */
  async replace(
    name: ObjectName,
    body: unknown,
    manager: string,
    { dryRun = false } = {},
  ): Promise<KubernetesObject> {
    return this.client.send<KubernetesObject>({
      method: "PUT",
      path: await this.path(name),
      query: { fieldManager: manager, ...(dryRun ? { dryRun: "All" } : {}) },
      body,
      contentType: "application/json",
      signal: this.stopped,
    });
  }

  /** Applies a JSON patch to an object. */
  async patch(name: ObjectName, body: readonly object[]): Promise<void> {
    await this.client.send({
      method: "PATCH",
      path: await this.path(name),
      body,
      contentType: "application/json-patch+json",
      signal: this.stopped,
    });
  }

  /**
   * Deletes the object with this name.
   * @param policy what happens to its dependents.
   */
  async delete(name: ObjectName, policy: Propagation): Promise<void> {
    await this.client
      .send({
        method: "DELETE",
        path: await this.path(name),
        body: { propagationPolicy: policy },
        contentType: "application/json",
        signal: this.stopped,
      })
      .catch(absent);
  }

  /** Whether objects of the kind are namespaced. */
  async isNamespaced(name: ObjectName): Promise<boolean> {
    return (await this.kind(name)).isNamespaced;
  }

  /** Returns the API path of an object. */
  async path(name: ObjectName): Promise<string> {
    const { path, isNamespaced: namespaced } = await this.kind(name);
    const base = name.apiVersion.includes("/")
      ? `/apis/${name.apiVersion}`
      : `/api/${name.apiVersion}`;
    const place = namespaced ? `/namespaces/${name.namespace ?? this.client.namespace}` : "";
    return `${base}${place}/${path}/${encodeURIComponent(name.name)}`;
  }

  /** Returns the path of an object whose CRD may just have been created. */
  private async pathWhenServed(name: ObjectName): Promise<string> {
    const end = Date.now() + newKindTimeout;
    for (;;) {
      try {
        return await this.path(name);
      } catch (error) {
        if (!(error instanceof UnknownKind) || Date.now() > end) throw error;
        await sleep(500, undefined, { signal: this.stopped });
      }
    }
  }

  private async kind({ apiVersion, kind, ...rest }: ObjectName): Promise<ResourceKind> {
    const known = await (this.groups.get(apiVersion) ?? this.discover(apiVersion));
    const found = find(known, kind) ?? find(await this.discover(apiVersion), kind);
    if (found === undefined) {
      throw new UnknownKind(
        `${title({ apiVersion, kind, ...rest })}: the cluster at ${this.client.address} serves no kind ${kind} of ${apiVersion}; its custom resource definition is missing, or not yet served.`,
      );
    }
    return { path: found.name, isNamespaced: found.namespaced };
  }

  private discover(apiVersion: string): Promise<ResourceList> {
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const list = this.client
      .send<ResourceList>({ method: "GET", path, signal: this.stopped })
      .catch((error: unknown) => {
        this.groups.delete(apiVersion);
        return absent(error) ?? { resources: [] };
      });
    this.groups.set(apiVersion, list);
    return list;
  }
}

/** Prefix of the plugin's field managers; the official plugin uses it alone to create objects. */
export const managerPrefix = "pulumi-kubernetes";

/**
 * Returns the field manager of a resource. It is unique to the resource, so that an object which an interrupted update
 * created, but did not record, is recognized and adopted.
 */
export function fieldManager(urn: string): string {
  const hash = createHash("sha256").update(urn).digest("hex").slice(0, 8);
  return `${managerPrefix}-${hash}`;
}

/** Ignores errors about a missing object. */
export function absent(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}

function find(
  { resources }: ResourceList,
  kind: string,
): ResourceList["resources"][number] | undefined {
  return resources.find((resource) => resource.kind === kind && !resource.name.includes("/"));
}
