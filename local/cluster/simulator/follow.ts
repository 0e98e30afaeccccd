import { setTimeout as sleep } from "node:timers/promises";
import {
  CustomObjectsApi,
  PatchStrategy,
  setHeaderOptions,
  Watch,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { reasonOf } from "../../../config/reason";
import { LatestOnly } from "./latest-only";

/** Pause before a list or a handler that failed is tried again, milliseconds. */
const pause = 1000;

/** Interval at which all objects are listed again, even if a watch has reported nothing, seconds. */
const relistSeconds = 20;

/** Options of a request whose body is a merge patch. */
export const merging = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** Where the API server serves custom objects of a kind. */
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

/**
 * Calls a function for every object of a collection, now and after each change, until it is stopped.
 *
 * Calls for one object follow each other, and each gets the newest state: a late call never undoes what a later one did.
 * A call that fails is repeated. All objects are listed again regularly, because a watch can end or hang without an error.
 * @param relist time between lists, seconds.
 * @returns a function that stops it.
 */
export function follow<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  list: () => Promise<KubernetesListObject<T>>,
  handle: (object: T) => Promise<void>,
  relist = relistSeconds,
): () => void {
  const stop = new AbortController();
  const objects = new LatestOnly<T>(handle, pause, (object, error) =>
    console.error(path, object.metadata?.name, reasonOf(error)),
  );
  const watchOnce = (resourceVersion: string | undefined) =>
    new Promise<void>((resolve, reject) => {
      const query = { resourceVersion, timeoutSeconds: relist };
      const take = (type: string, object: T) => {
        if (type === "DELETED") objects.drop(object);
        else if (type !== "ERROR") objects.take(object);
      };
      const done = (error: unknown) => {
        clearTimeout(late);
        stop.signal.removeEventListener("abort", end);
        if (error) reject(error as Error);
        else resolve();
      };
      const watching = new Watch(config).watch(path, query, take, done);
      watching.catch(done);
      const end = () => {
        void watching.then((request) => request.abort());
        done(undefined);
      };
      // The server ends the watch before this timeout, unless the connection hangs.
      const late = setTimeout(end, relist * 1500);
      stop.signal.addEventListener("abort", end);
    });
  const run = async () => {
    while (!stop.signal.aborted) {
      try {
        const { items, metadata } = await list();
        objects.takeAll(items);
        await watchOnce(metadata?.resourceVersion);
      } catch {
        if (stop.signal.aborted) return;
        // The API server is not available; it may be restarting.
        await sleep(pause);
      }
    }
  };
  void run();
  return () => stop.abort();
}

/** Ignores conflicts and missing objects: the wanted state exists already, or a newer state of the object follows. */
export function ignoreConflictOrMissing(error: { code?: number }): void {
  if (error.code !== 409) ignoreMissing(error);
}

/** Ignores missing objects. */
export function ignoreMissing(error: { code?: number }): void {
  if (error.code !== 404) throw error;
}
