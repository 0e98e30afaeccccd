import { setTimeout as sleep } from "node:timers/promises";
import {
  makeInformer,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
} from "@kubernetes/client-node";

/** Pause before a broken watch is taken up again, milliseconds. */
const pause = 1000;

/** Hands every object of a collection on, now and after each change, for as long as the process runs. */
export function follow<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  list: () => Promise<KubernetesListObject<T>>,
  handle: (object: T) => Promise<void>,
): void {
  const informer = makeInformer<T>(config, path, list);
  const take = (object: T) => {
    handle(object).catch((error: unknown) => {
      // The object changes again, or the next list brings it again.
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
      // The API server is away, perhaps to be restarted.
      await sleep(pause);
      await start();
    }
  };
  void start();
}

/** An object that is there already, or gone already, is what was wanted. */
export function settled(error: { code?: number }): void {
  if (error.code !== 409 && error.code !== 404) throw error;
}
