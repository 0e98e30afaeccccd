import { createHash } from "node:crypto";
import * as https from "node:https";
import type { Cluster } from "../../../local/cluster";
import { titleOf, type KubernetesObject } from "../../../render/objects";
import { ApiAccess, type Answer } from "../api-access";
import { podsOf } from "./pods";

interface Kinds {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

/** Field manager of the dry runs. */
const manager = "mutations";

/** The objects that determine whether pods are admitted (Namespace, quota, defaults), by namespace. */
type ByNamespace = Map<string, KubernetesObject[]>;

/** Sends objects to a real API server, over a few persistent connections. */
export class DryRun {
  /** Number of objects sent. */
  sent = 0;
  private readonly answers = new Map<string, Promise<string | undefined>>();
  private readonly kinds = new Map<string, Promise<Kinds>>();
  private readonly namespaces = new Map<string, Promise<string | undefined>>();
  private readonly agent = new https.Agent({ keepAlive: true, maxSockets: 8 });

  private constructor(private readonly access: ApiAccess) {}

  static async of(cluster: Cluster): Promise<DryRun> {
    return new DryRun(await ApiAccess.of(cluster));
  }

  close(): void {
    this.agent.destroy();
  }

  /** Creates an object permanently, as others need it. */
  async create(object: KubernetesObject): Promise<void> {
    const refused = await this.apply(object, "");
    if (refused !== undefined) throw new Error(`${titleOf(object)}: ${refused}`);
  }

  /** Returns why the API server rejects objects of a stack, with their titles; objects are sent only once. */
  async refusals(objects: readonly KubernetesObject[]): Promise<string[]> {
    const byNamespace: ByNamespace = new Map();
    for (const object of objects) {
      const { kind, metadata } = object;
      const name = kind === "Namespace" ? metadata.name : metadata.namespace;
      if (name === undefined) continue;
      if (!["Namespace", "LimitRange", "ResourceQuota"].includes(kind)) continue;
      byNamespace.set(name, [...(byNamespace.get(name) ?? []), object]);
    }
    const asked = objects.flatMap((object) => [
      this.ask(object),
      ...podsOf(object).map((inner) => this.askForCopy(inner, byNamespace)),
    ]);
    return (await Promise.all(asked)).filter((refusal) => refusal !== undefined);
  }

  private async ask(object: KubernetesObject): Promise<string | undefined> {
    return this.once(JSON.stringify(object), async () => {
      const { namespace } = object.metadata;
      if (namespace !== undefined) {
        const refused = await this.namespace(namespace, {});
        if (refused !== undefined) return `${titleOf(object)}: ${refused}`;
      }
      this.sent += 1;
      const refused = await this.apply(object, "&dryRun=All");
      return refused && `${titleOf(object)}: ${refused}`;
    });
  }

  /** Sends a pod or a claim like a controller, in a namespace with the same settings as its own. */
  private askForCopy(
    object: KubernetesObject,
    byNamespace: ByNamespace,
  ): Promise<string | undefined> {
    const { namespace = "" } = object.metadata;
    const contents = byNamespace.get(namespace) ?? [];
    return this.once(JSON.stringify([object, contents]), async () => {
      const own = contents.find(({ kind }) => kind === "Namespace");
      const limits = contents.filter(({ kind }) => kind !== "Namespace");
      const copy = `copy-${createHash("sha256").update(JSON.stringify(contents)).digest("hex").slice(0, 16)}`;
      const refusedCopy = await this.namespace(copy, own?.metadata.labels ?? {}, limits);
      // The namespace itself was checked as well.
      if (refusedCopy !== undefined) return `${titleOf(object)}: ${refusedCopy}`;
      const metadata = { ...object.metadata, namespace: copy };
      this.sent += 1;
      const refused = await this.apply({ ...object, metadata }, "&dryRun=All");
      return refused && `${titleOf(object)}: ${refused}`;
    });
  }

  private once(key: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const hash = createHash("sha256").update(key).digest("base64");
    const known = this.answers.get(hash);
    if (known !== undefined) return known;
    const answer = ask();
    this.answers.set(hash, answer);
    return answer;
  }

  /** A dry run requires that the namespace of its object exists. */
  private namespace(
    name: string,
    labels: Record<string, string>,
    contents: readonly KubernetesObject[] = [],
  ): Promise<string | undefined> {
    const known = this.namespaces.get(name);
    if (known !== undefined) return known;
    const made = this.createContents(name, labels, contents);
    this.namespaces.set(name, made);
    return made;
  }

  private async createContents(
    name: string,
    labels: Record<string, string>,
    contents: readonly KubernetesObject[],
  ): Promise<string | undefined> {
    const objects = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
      // The default service account, which the controller manager creates a moment later.
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } },
      ...contents.map((it) => ({ ...it, metadata: { ...it.metadata, namespace: name } })),
    ];
    for (const object of objects) {
      const refused = await this.apply(object, "");
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  private async apply(object: KubernetesObject, options: string): Promise<string | undefined> {
    const path = await this.pathOf(object);
    if (path === undefined) return `there is no kind ${object.apiVersion} ${object.kind}`;
    const query = `?fieldManager=${manager}&force=true&fieldValidation=Strict${options}`;
    const { status, body } = await this.requestWithRetry(
      "PATCH",
      `${path}${query}`,
      JSON.stringify(object),
    );
    if (status < 300) return undefined;
    const { message = body } = JSON.parse(body) as { message?: string };
    return `${status} ${message}`;
  }

  private async pathOf({
    apiVersion,
    kind,
    metadata,
  }: KubernetesObject): Promise<string | undefined> {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = this.kinds.get(group) ?? this.kindsOf(group);
    this.kinds.set(group, known);
    const found = (await known).resources.find((it) => it.kind === kind && !it.name.includes("/"));
    if (found === undefined) return undefined;
    const inside = found.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${group}${inside}/${found.name}/${encodeURIComponent(metadata.name)}`;
  }

  private async kindsOf(group: string): Promise<Kinds> {
    const { status, body } = await this.request("GET", group);
    if (status === 200) return JSON.parse(body) as Kinds;
    if (status === 404) return { resources: [] };
    throw new Error(`GET ${group}: ${status} ${body}`);
  }

  /** The server closes connections after some errors, for example a path that is too long. */
  private async requestWithRetry(method: string, path: string, content: string): Promise<Answer> {
    for (let left = 2; ; left -= 1) {
      try {
        return await this.request(method, path, content);
      } catch (error) {
        if (left === 0) return { status: 0, body: JSON.stringify({ message: String(error) }) };
      }
    }
  }

  private request(method: string, path: string, content?: string): Promise<Answer> {
    const headers: Record<string, string> =
      content === undefined ? {} : { "content-type": "application/apply-patch+yaml" };
    return this.access.send(method, path, { headers, agent: this.agent, content });
  }
}
