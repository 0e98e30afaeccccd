import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "@kubernetes/client-node";

/**
 * Calls a function with the newest state of each object, once per state. Calls for one object never overlap.
 * A call that fails is repeated after a pause, with the newest state at that time.
 */
export class LatestOnly<T extends KubernetesObject> {
  /** Versions that were handled or are waiting, by object. */
  private readonly versions = new Map<string, string | undefined>();
  /** States to handle. */
  private readonly waiting = new Map<string, T>();
  private readonly busy = new Set<string>();

  /**
   * @param pause before a failed call is repeated, milliseconds.
   * @param failed called after each failed call.
   */
  constructor(
    private readonly handle: (object: T) => Promise<void>,
    private readonly pause: number,
    private readonly failed: (object: T, error: unknown) => void,
  ) {}

  /** Takes the state of an object, unless it was the last one taken. */
  take(object: T): void {
    const key = keyOf(object);
    const version = object.metadata?.resourceVersion;
    if (this.versions.has(key) && this.versions.get(key) === version) return;
    this.versions.set(key, version);
    this.waiting.set(key, object);
    if (!this.busy.has(key)) void this.work(key);
  }

  /** Takes the states of all existing objects. */
  takeAll(objects: readonly T[]): void {
    const keys = new Set(objects.map(keyOf));
    for (const key of this.versions.keys()) if (!keys.has(key)) this.forget(key);
    for (const object of objects) this.take(object);
  }

  /** Forgets an object that no longer exists. */
  drop(object: T): void {
    this.forget(keyOf(object));
  }

  private forget(key: string): void {
    this.versions.delete(key);
    this.waiting.delete(key);
  }

  private async work(key: string): Promise<void> {
    this.busy.add(key);
    for (let object = this.next(key); object !== undefined; object = this.next(key)) {
      try {
        await this.handle(object);
      } catch (error) {
        this.failed(object, error);
        const version = object.metadata?.resourceVersion;
        await sleep(this.pause);
        // In the meantime, the object neither got a newer state nor was deleted.
        if (this.versions.has(key) && this.versions.get(key) === version)
          this.waiting.set(key, object);
      }
    }
    this.busy.delete(key);
  }

  private next(key: string): T | undefined {
    const object = this.waiting.get(key);
    this.waiting.delete(key);
    return object;
  }
}

function keyOf({ metadata = {} }: KubernetesObject): string {
  return `${metadata.uid ?? ""}/${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}
