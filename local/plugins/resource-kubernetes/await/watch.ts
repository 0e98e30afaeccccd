import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "../api";
import { isAway } from "../client";
import type { KubernetesObject, ObjectName } from "../objects";

/** Pause before a broken watch is restarted, or an unavailable API server is called again, milliseconds. */
const pause = 500;

/**
 * Calls `done` with the object, now and after each change, until it returns true.
 * @param done receives undefined once the object is deleted.
 */
export async function watch(
  api: Api,
  name: ObjectName,
  signal: AbortSignal,
  done: (object: KubernetesObject | undefined) => boolean,
): Promise<void> {
  const path = await whenBack(signal, () => api.path(name));
  const collection = path.slice(0, path.lastIndexOf("/"));
  for (;;) {
    signal.throwIfAborted();
    const current = await whenBack(signal, () => api.get(name));
    if (done(current)) return;
    // Without an object there is no version to watch from, so it is polled.
    if (current === undefined) await sleep(pause, undefined, { signal });
    else if (await follow(api, collection, name, current, signal, done)) return;
    else await sleep(pause, undefined, { signal });
  }
}

/** Retries until the API server responds: the applied object exists whether it can be read or not. */
async function whenBack<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isAway(error)) throw error;
      await sleep(pause, undefined, { signal });
    }
  }
}

/** Follows one watch to its end; returns whether `done` returned true. */
async function follow(
  api: Api,
  collection: string,
  { name }: ObjectName,
  { metadata }: KubernetesObject,
  signal: AbortSignal,
  done: (object: KubernetesObject | undefined) => boolean,
): Promise<boolean> {
  const ended = new AbortController();
  let reached = false;
  const query = {
    watch: "true",
    fieldSelector: `metadata.name=${name}`,
    resourceVersion: metadata.resourceVersion ?? "",
    timeoutSeconds: "60",
  };
  const request = { method: "GET" as const, path: collection, query };
  try {
    await api.client.lines(
      { ...request, signal: AbortSignal.any([signal, ended.signal]) },
      (line) => {
        const { type, object } = JSON.parse(line) as { type: string; object: KubernetesObject };
        if (type === "ERROR" || type === "BOOKMARK") return;
        reached ||= done(type === "DELETED" ? undefined : object);
        if (reached) ended.abort();
      },
    );
  } catch (error) {
    // A watch may break at any time: the caller reads the object again, which reveals real errors.
    signal.throwIfAborted();
    if (!reached && process.env.PULUMI_DEBUG_GRPC !== undefined) console.error(error);
  }
  return reached;
}
