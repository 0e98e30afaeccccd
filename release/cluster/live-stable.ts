import * as pulumi from "@pulumi/pulumi";
import { releaseAnnotation } from "../../components/app/services";
import { namespaceOf } from "../../config";
import type { AppStack } from "../../stacks/platform";
import type { ReleaseKey } from "../machine";
import { ClusterReader } from "../../components/cluster/reader";

interface ServiceList {
  items: {
    metadata: { name: string; annotations?: Record<string, string> };
    spec?: { selector?: Record<string, string> };
  }[];
}

/**
 * The releases that the cluster runs as stable of those apps that have no record: the record was
 * lost, or the app was imported. An app that is not there either is a first deployment.
 * @param records what the last update recorded, by app.
 */
export async function liveStables(
  stack: AppStack,
  records: Record<string, unknown>,
): Promise<Record<string, ReleaseKey>> {
  const unknown = Object.keys(stack.apps).filter((name) => !Object.hasOwn(records, name));
  // A run without an engine has no cluster either.
  if (unknown.length === 0 || !pulumi.runtime.hasEngine()) return {};
  const reader = new ClusterReader(stack.cluster);
  try {
    const namespaces = unknown.map((name) => [name, namespaceOf(stack.apps[name]!.team, stack)]);
    return await stablesOf(Object.fromEntries(namespaces) as Record<string, string>, reader);
  } finally {
    reader.close();
  }
}

/**
 * The releases that a cluster runs as stable; an app that it does not run is left out.
 * @param namespaces each app's namespace, by the app's name.
 */
export async function stablesOf(
  namespaces: Record<string, string>,
  reader: ClusterReader,
): Promise<Record<string, ReleaseKey>> {
  const asked = new Map<string, Promise<Map<string, ReleaseKey>>>();
  const found = Object.entries(namespaces).map(async ([name, namespace]) => {
    const keys = asked.get(namespace) ?? stableKeys(reader, namespace);
    asked.set(namespace, keys);
    return [name, (await keys).get(`${name}-stable`)] as const;
  });
  const keys = await Promise.all(found);
  return Object.fromEntries(
    keys.flatMap(([name, key]) => (key === undefined ? [] : [[name, key] as const])),
  );
}

/** Which release each Service of a namespace selects, by the Service's name. */
async function stableKeys(
  reader: ClusterReader,
  namespace: string,
): Promise<Map<string, ReleaseKey>> {
  const list = await reader.get<ServiceList>(
    `/api/v1/namespaces/${namespace}/services?labelSelector=app.kubernetes.io%2Fpart-of%3Dapps`,
  );
  return new Map(
    (list?.items ?? []).flatMap(({ metadata, spec }) => {
      const key =
        metadata.annotations?.[releaseAnnotation] ?? spec?.selector?.["app.kubernetes.io/instance"];
      return key === undefined ? [] : [[metadata.name, key] as const];
    }),
  );
}
