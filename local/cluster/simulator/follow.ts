import { setTimeout as sleep } from "node:timers/promises";
import {
  CustomObjectsApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
} from "@kubernetes/client-node";

/** Pause before a broken watch is restarted, milliseconds. */
const pause = 1000;

/** Options of a request whose body is a merge patch. */
export const merging = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** Where the API server has custom objects of a kind. */
export interface CustomKind {
  group: string;
  version: string;
  plural: string;
}

/** Calls a function for every custom object of a kind in all namespaces, like {@link follow}. */
export function followCustom<T extends KubernetesObject>(
  config: KubeConfig,
  kind: CustomKind,
  handle: (object: T) => Promise<void>,
): void {
  const objects = config.makeApiClient(CustomObjectsApi);
  follow<T>(
    config,
    `/apis/${kind.group}/${kind.version}/${kind.plural}`,
    () => objects.listCustomObjectForAllNamespaces(kind) as Promise<KubernetesListObject<T>>,
    handle,
  );
}

/** Calls a function for every object of a collection, now and after each change, as long as the process runs. */
export function follow<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  list: () => Promise<KubernetesListObject<T>>,
  handle: (object: T) => Promise<void>,
): void {
  const informer = makeInformer<T>(config, path, list);
  const take = (object: T) => {
    handle(object).catch((error: unknown) => {
      // It is retried when the object changes again, or with the next list.
      console.error(path, object.metadata?.name, error instanceof Error ? error.message : error);
    });
  };
  informer.on("add", take);
  informer.on("update", take);
  informer.on("error", () => void sleep(pause).then(start));
  const start = async (): Promise<void> => {
    try {
      await informer.start();
    } catch {
      // The API server is not available; it may be restarting.
      await sleep(pause);
      await start();
    }
  };
  void start();
}

/** Ignores conflicts and missing objects: the wanted state exists already. */
export function ignoreConflictOrMissing(error: { code?: number }): void {
  if (error.code !== 409 && error.code !== 404) throw error;
}
