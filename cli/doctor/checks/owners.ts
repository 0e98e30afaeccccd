import type { Finding } from "../finding";
import { findings, listNames, type Check } from "../look";

interface Owned {
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
    managedFields?: { manager?: string }[];
  };
}

const versionKey = "gateway.networking.k8s.io/bundle-version";

/** Checks for CRDs of the stack that another owner manages in the cluster, and for kinds without a CRD. */
export const definitions: Check = async ({ api, objects }) => {
  const { ok, missing } = findings("definitions");
  const declared = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  const own = new Set(declared.map(({ metadata }) => metadata.name));
  const existing = await api.list<Owned>("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
  const foreign = existing.filter(({ metadata }) => own.has(metadata.name) && !isOurs(metadata));
  const groups = new Map<string, Owned[]>();
  for (const it of foreign) {
    const group = it.metadata.name.split(".").slice(1).join(".");
    groups.set(group, [...(groups.get(group) ?? []), it]);
  }
  const found = [...groups].map(([group, all]): Finding => {
    const managers = all.flatMap(({ metadata }) => managersOf(metadata));
    const version = all[0]?.metadata.annotations?.[versionKey];
    const what = `${all.length} definitions of ${group}${version === undefined ? "" : ` ${version}`}`;
    return missing(
      `${what} belong to ${listNames(managers)}`,
      "remove crds from the part that declares them, or remove the other owner",
    );
  });
  const kinds = await undefinedKinds({ api, objects }, own);
  return [...found, ...kinds].length > 0
    ? [...found, ...kinds]
    : [ok(`${declared.length} definitions are free or the stack's own`)];
};

/** Returns kinds of the stack that neither the stack nor the cluster defines. */
async function undefinedKinds(
  { api, objects }: Pick<Parameters<Check>[0], "api" | "objects">,
  own: ReadonlySet<string>,
): Promise<Finding[]> {
  const { missing } = findings("definitions");
  const ownGroups = new Set([...own].map((name) => name.split(".").slice(1).join(".")));
  const versions = new Set(
    objects
      .map(({ apiVersion }) => apiVersion)
      .filter((it) => !ownGroups.has(it.split("/")[0] ?? "")),
  );
  const found: Finding[] = [];
  for (const version of versions) {
    const path = version.includes("/") ? `/apis/${version}` : `/api/${version}`;
    const served = await api.get<{ resources: { kind: string }[] }>(path);
    const kinds = objects
      .filter(({ apiVersion }) => apiVersion === version)
      .map(({ kind }) => kind)
      .filter((kind) => !(served?.resources ?? []).some((it) => it.kind === kind));
    if (kinds.length === 0) continue;
    found.push(
      missing(
        `no ${listNames(kinds)} of ${version}`,
        "set crds of the part that needs them, or install them",
      ),
    );
  }
  return found;
}

/** Checks for limit ranges and quotas of others in the namespaces that the stack declares. */
export const ranges: Check = async ({ api, objects }) => {
  const { ok, warning } = findings("limit ranges and quotas");
  const namespaces = namesOf(objects, "Namespace");
  const found: Finding[] = [];
  for (const [kind, path] of [
    ["LimitRange", "limitranges"],
    ["ResourceQuota", "resourcequotas"],
  ] as const) {
    const declared = new Set(
      objects
        .filter((object) => object.kind === kind)
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    );
    const others = (await api.list<Owned>(`/api/v1/${path}`))
      .filter(({ metadata }) => namespaces.has(metadata.namespace ?? ""))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
      .filter((name) => !declared.has(name));
    if (others.length === 0) continue;
    const next = "they change or refuse the stack's pods; remove them, or raise their limits";
    found.push(warning(`${kind} of another owner: ${listNames(others)}`, next));
  }
  return found.length > 0 ? found : [ok("the stack's namespaces have none of another owner")];
};

/** Checks for namespaces of the stack that exist and belong to another owner. */
export const namespaces: Check = async ({ api, objects }) => {
  const { ok, warning } = findings("namespaces");
  const own = namesOf(objects, "Namespace");
  const foreign = (await api.list<Owned>("/api/v1/namespaces"))
    .filter(({ metadata }) => own.has(metadata.name) && !isOurs(metadata))
    .map(({ metadata }) => metadata.name);
  if (foreign.length === 0) return [ok(`${own.size} namespaces are free or the stack's own`)];
  const next = "an update fails on them; remove them, or import them into the stack's state";
  return [warning(`not created by this platform: ${listNames(foreign)}`, next)];
};

function namesOf(objects: Parameters<Check>[0]["objects"], kind: string): Set<string> {
  return new Set(objects.filter((it) => it.kind === kind).map(({ metadata }) => metadata.name));
}

function isOurs(metadata: Owned["metadata"]): boolean {
  return managersOf(metadata).some((manager) => manager.startsWith("pulumi-kubernetes"));
}

function managersOf({ managedFields = [] }: Owned["metadata"]): string[] {
  const names = managedFields.map(({ manager }) => manager ?? "");
  const people = names.filter((name) => name !== "" && name !== "kube-apiserver");
  return people.length > 0 ? people : ["an unknown owner"];
}
