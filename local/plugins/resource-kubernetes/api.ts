import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type Client } from "./client";
import { title, type KubernetesObject, type ObjectName } from "./objects";

interface ResourceKind {
  path: string;
  namespaced: boolean;
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

/** How long a kind may take to be served after its definition was created, milliseconds. */
const newKindTimeout = 30_000;

/** What becomes of the objects that belong to a deleted one. */
export type Propagation = "Foreground" | "Background" | "Orphan";

/** The kind is not served, as its definition is missing. */
export class UnknownKind extends Error {}

/** Objects of any kind, through the API server's own list of kinds. */
export class Api {
  private readonly groups = new Map<string, Promise<ResourceList>>();

  constructor(
    readonly client: Client,
    private readonly stopped: AbortSignal,
  ) {}

  /** The object as it is, or nothing when there is none. */
  async get(name: ObjectName): Promise<KubernetesObject | undefined> {
    const path = await this.path(name);
    return this.client
      .send<KubernetesObject>({ method: "GET", path, signal: this.stopped })
      .catch(absent);
  }

  /** Creates an object; one that is there already makes the server refuse it. */
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

  /** Server-side apply: makes the manager's fields of an object what the body says. */
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

  /** Puts the body in the place of an object: what it does not say is gone, whoever wrote it. */
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

  /** Changes an object by the operations of a JSON patch. */
  async patch(name: ObjectName, body: readonly object[]): Promise<void> {
    await this.client.send({
      method: "PATCH",
      path: await this.path(name),
      body,
      contentType: "application/json-patch+json",
      signal: this.stopped,
    });
  }

  /** Asks for the end of the object of this name. @param policy what becomes of what belongs to it. */
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

  /** Whether objects of the kind live in namespaces. */
  async namespaced(name: ObjectName): Promise<boolean> {
    return (await this.kind(name)).namespaced;
  }

  /** The path of an object. */
  async path(name: ObjectName): Promise<string> {
    const { path, namespaced } = await this.kind(name);
    const base = name.apiVersion.includes("/")
      ? `/apis/${name.apiVersion}`
      : `/api/${name.apiVersion}`;
    const place = namespaced ? `/namespaces/${name.namespace ?? this.client.namespace}` : "";
    return `${base}${place}/${path}/${encodeURIComponent(name.name)}`;
  }

  /** The path of an object whose definition may have been created a moment ago. */
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
    return { path: found.name, namespaced: found.namespaced };
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

/** How the names of the plugin's field managers begin; the official plugin creates objects by it. */
export const managerPrefix = "pulumi-kubernetes";

/**
 * The field manager of a resource. It is the resource's own, so that an object which an interrupted
 * update created, but did not record, is known for what it is and taken up again.
 */
export function fieldManager(urn: string): string {
  const hash = createHash("sha256").update(urn).digest("hex").slice(0, 8);
  return `${managerPrefix}-${hash}`;
}

/** What is not there is no error. */
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
