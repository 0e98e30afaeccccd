import type { KubernetesObject } from "../../../render/objects";
import type { DoctorApi } from "../api";
import { findings, listNames, type Check } from "../look";

/** What an update does with objects. */
const verbs = ["get", "create", "patch", "delete"] as const;

interface Resource {
  name: string;
  kind: string;
  namespaced: boolean;
}

interface Wanted {
  group: string;
  resource: string;
  namespace: string;
  verb: string;
}

/** Checks whether the user of the kubeconfig may do what an update does, for every kind of the stack. */
export const rights: Check = async ({ api, objects }) => {
  const { ok, missing } = findings("rights");
  const everything = { group: "*", resource: "*", namespace: "", verb: "*" };
  if (await may(api, everything)) return [ok("the user of the kubeconfig may do everything")];
  const kinds = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const key = `${object.apiVersion} ${object.kind}`;
    kinds.set(key, [...(kinds.get(key) ?? []), object]);
  }
  const absent: string[] = [];
  for (const [, all] of kinds) absent.push(...(await findMissing(api, all)));
  return absent.length > 0
    ? [
        missing(
          `the user of the kubeconfig may not ${listNames(absent)}`,
          "bind a role with these rights, or use another context in platform:cluster.context",
        ),
      ]
    : [ok(`the user of the kubeconfig may declare all ${kinds.size} kinds of the stack`)];
};

/** Returns the missing rights for objects of one kind: in the whole cluster, or in some namespaces. */
async function findMissing(
  api: DoctorApi,
  objects: readonly KubernetesObject[],
): Promise<string[]> {
  const [{ apiVersion, kind } = { apiVersion: "", kind: "" }] = objects;
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const path = group === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
  const served = await api.get<{ resources: Resource[] }>(path);
  const found = served?.resources.find((it) => it.kind === kind && !it.name.includes("/"));
  // For a kind that the stack itself defines, the usual plural is used.
  const resource = found?.name ?? `${kind.toLowerCase()}s`;
  const spaces = [...new Set(objects.map(({ metadata }) => metadata.namespace ?? ""))];
  const absent: string[] = [];
  for (const verb of verbs) {
    if (await may(api, { group, resource, namespace: "", verb })) continue;
    const wanted = spaces.filter((namespace) => namespace !== "");
    const refused: string[] = wanted.length === 0 ? ["the cluster"] : [];
    for (const namespace of wanted) {
      if (!(await may(api, { group, resource, namespace, verb }))) refused.push(namespace);
    }
    if (refused.length > 0) {
      absent.push(
        `${verb} ${group === "" ? resource : `${resource}.${group}`} in ${listNames(refused)}`,
      );
    }
  }
  return absent;
}

/** Sends a SelfSubjectAccessReview, which the API server answers and does not store. */
async function may(api: DoctorApi, { group, resource, namespace, verb }: Wanted): Promise<boolean> {
  const resourceAttributes = { group, resource, verb, ...(namespace === "" ? {} : { namespace }) };
  const { body } = await api.ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  });
  const { status } = Object(body) as { status?: { allowed?: boolean } };
  return status?.allowed === true;
}
