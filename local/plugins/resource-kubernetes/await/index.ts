import { explained } from "../explain";
import { annotation, idOf, title, type KubernetesObject } from "../objects";
import type { PropertyMap } from "../../shared/values";
import { judges } from "./judges";
import type { Judge, Progress } from "./conditions";
import { serviceReady } from "./service";
import { claimWaits } from "./claim";
import { podProblems } from "./pods";
import { NotReady, type Wait } from "./wait";
import { parseWaitFor } from "./wait-for";
import { watch } from "./watch";

/** Default of the official plugin for most kinds, seconds. */
const defaultTimeout = 600;

/** Whether the inputs ask for no waiting. */
export function skipsAwait(inputs: PropertyMap): boolean {
  return annotation(inputs, "pulumi.com/skipAwait") === "true";
}

/**
 * Waits until an object that was applied is in place.
 * @returns the object as it then is.
 * @throws NotReady when it fails, its time is over, or nothing can be said of it: the object is there
 * in any case, and only with this error does the engine record it.
 */
export async function awaitReady(live: KubernetesObject, wait: Wait): Promise<KubernetesObject> {
  try {
    return await reachedReady(live, wait);
  } catch (error) {
    if (error instanceof NotReady) throw error;
    const reason: unknown = wait.stopped.aborted ? wait.stopped.reason : error;
    const { message } = explained(reason, wait.name, wait.api.client.address);
    throw new NotReady(live, [
      `${title(wait.name)} is there, but is not known to be in place: ${message}`,
    ]);
  }
}

async function reachedReady(live: KubernetesObject, wait: Wait): Promise<KubernetesObject> {
  const judge = await judgeOf(live, wait);
  if (judge === undefined) return live;
  let last = live;
  let verdict: Progress = { state: "waiting", message: "nothing is known yet" };
  const seconds = timeoutOf(wait);
  const over = AbortSignal.timeout(seconds * 1000);
  try {
    await watch(wait.api, wait.name, AbortSignal.any([over, wait.stopped]), (object) => {
      if (object === undefined) {
        verdict = { state: "failed", message: "it was deleted meanwhile" };
        return true;
      }
      last = object;
      const next = judge(object);
      if (next.state === "waiting" && JSON.stringify(next) !== JSON.stringify(verdict)) {
        wait.progress(next.message);
      }
      verdict = next;
      return next.state !== "ready" ? next.state === "failed" : true;
    });
  } catch (error) {
    if (!over.aborted) throw error;
  }
  const final = verdict as Progress;
  if (final.state === "ready") return last;
  const problems = await podProblems(wait.api, last);
  const text =
    final.state === "failed"
      ? `${title(wait.name)} failed: ${final.message}`
      : `${title(wait.name)} was not ready within ${seconds} s: ${final.message}`;
  throw new NotReady(last, [text, ...problems]);
}

/** Waits until an object is gone. */
export async function awaitGone(wait: Wait): Promise<void> {
  let last: KubernetesObject | undefined;
  const seconds = timeoutOf(wait);
  const over = AbortSignal.timeout(seconds * 1000);
  try {
    await watch(wait.api, wait.name, AbortSignal.any([over, wait.stopped]), (object) => {
      last = object;
      if (object !== undefined) wait.progress(`waiting for ${idOf(wait.name)} to be gone`);
      return object === undefined;
    });
  } catch (error) {
    if (!over.aborted) throw error;
    const finalizers = last?.metadata.finalizers?.join(", ");
    throw new Error(
      `${title(wait.name)} was not gone within ${seconds} s; its finalizers are ${finalizers ?? "none"}. What holds them must let go first.`,
      { cause: error },
    );
  }
}

async function judgeOf(live: KubernetesObject, wait: Wait): Promise<Judge | undefined> {
  const { inputs, name } = wait;
  const waitFor = annotation(inputs, "pulumi.com/waitFor");
  if (waitFor !== undefined) return parseWaitFor(waitFor);
  if (skipsAwait(inputs)) return undefined;
  if (name.kind === "Service") {
    await serviceReady(live, wait, timeoutOf(wait));
    return undefined;
  }
  if (name.kind === "PersistentVolumeClaim" && !(await claimWaits(wait.api, live)))
    return undefined;
  return builtIn.has(name.apiVersion.split("/")[0] ?? "") ? judges[name.kind] : undefined;
}

/** Groups whose kinds the judges know; a custom resource may have a kind of the same name. */
const builtIn = new Set(["v1", "apps", "batch", "apiextensions.k8s.io"]);

function timeoutOf({ timeout, inputs }: Wait): number {
  if (timeout > 0) return timeout;
  return Number(annotation(inputs, "pulumi.com/timeoutSeconds") ?? defaultTimeout);
}

export { NotReady } from "./wait";
