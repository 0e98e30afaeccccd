import { explain } from "../explain";
import { annotation, idOf, title, type KubernetesObject, type ObjectName } from "../objects";
import type { Api } from "../api";
import type { PropertyMap } from "../../shared/values";
import { judges } from "./judges";
import { ready, type Judge, type Progress } from "./conditions";
import { serviceProblem, serviceReady } from "./service";
import { claimWaits } from "./claim";
import { podProblems } from "./pods";
import { readyTimeout, timeoutOf } from "./timeouts";
import { NotReady, type Wait } from "./wait";
import { parseWaitFor } from "./wait-for";
import { watch } from "./watch";

/** Kinds that a refresh checks: the next update waits for those that are not ready. */
const lookedAt = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job", "Pod", "Service"]);

/** Kinds whose deletion need not be awaited, if the inputs say so. */
const mayLeaveBehind = new Set([
  ...["Namespace", "Pod", "ReplicationController"],
  ...["DaemonSet", "Deployment", "StatefulSet", "Job"],
]);

/** Whether the inputs disable waiting. */
function skipsAwait(inputs: PropertyMap): boolean {
  return annotation(inputs, "pulumi.com/skipAwait") === "true";
}

/** Whether an object's deletion is not awaited. */
export function skipsAwaitGone(inputs: PropertyMap, { apiVersion, kind }: ObjectName): boolean {
  return skipsAwait(inputs) && isBuiltIn(apiVersion) && mayLeaveBehind.has(kind);
}

/** Returns why an existing object is not ready; empty if it is ready, or waiting is disabled. */
export async function unreadyReasons(
  live: KubernetesObject,
  api: Api,
  name: ObjectName,
  inputs: PropertyMap,
): Promise<string[]> {
  const { apiVersion, kind } = name;
  if (skipsAwait(inputs) || !isBuiltIn(apiVersion) || !lookedAt.has(kind)) return [];
  if (kind === "Service") {
    const problem = await serviceProblem(live, api, name);
    return problem === undefined ? [] : [`${title(name)} is not ready: ${problem}`];
  }
  const verdict = judges[kind]?.(live) ?? ready;
  if (verdict.state === "ready") return [];
  return [`${title(name)} is not ready: ${verdict.message}`, ...(await podProblems(api, live))];
}

/**
 * Waits until an applied object is ready.
 * @returns the live object.
 * @throws NotReady if it fails, times out, or its state cannot be read. The object exists in any case, and only with
 * this error does the engine record it.
 */
export async function awaitReady(live: KubernetesObject, wait: Wait): Promise<KubernetesObject> {
  try {
    return await waitUntilReady(live, wait);
  } catch (error) {
    if (error instanceof NotReady) throw error;
    const reason: unknown = wait.stopped.aborted ? wait.stopped.reason : error;
    const { message } = explain(reason, wait.name, wait.api.client.address);
    throw new NotReady(live, [`${title(wait.name)} exists, but its state is unknown: ${message}`]);
  }
}

async function waitUntilReady(live: KubernetesObject, wait: Wait): Promise<KubernetesObject> {
  const judge = await judgeOf(live, wait);
  if (judge === undefined) return live;
  let last = live;
  let verdict: Progress = { state: "waiting", message: "its state is not known yet" };
  const seconds = readyTimeout(wait);
  const over = AbortSignal.timeout(seconds * 1000);
  try {
    await watch(wait.api, wait.name, AbortSignal.any([over, wait.stopped]), (object) => {
      if (object === undefined) {
        verdict = { state: "failed", message: "it was deleted in the meantime" };
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

/** Waits until an object is deleted. */
export async function awaitGone(wait: Wait): Promise<void> {
  let last: KubernetesObject | undefined;
  const seconds = timeoutOf(wait);
  const over = AbortSignal.timeout(seconds * 1000);
  try {
    await watch(wait.api, wait.name, AbortSignal.any([over, wait.stopped]), (object) => {
      last = object;
      if (object !== undefined) wait.progress(`waiting for ${idOf(wait.name)} to be deleted`);
      return object === undefined;
    });
  } catch (error) {
    if (!over.aborted) throw error;
    const finalizers = last?.metadata.finalizers?.join(", ");
    throw new Error(
      `${title(wait.name)} was not deleted within ${seconds} s; its finalizers are ${finalizers ?? "none"}. Remove what they wait for first.`,
      { cause: error },
    );
  }
}

async function judgeOf(live: KubernetesObject, wait: Wait): Promise<Judge | undefined> {
  const { inputs, name } = wait;
  if (skipsAwait(inputs)) return undefined;
  const waitFor = annotation(inputs, "pulumi.com/waitFor");
  if (waitFor !== undefined) return parseWaitFor(waitFor);
  if (!isBuiltIn(name.apiVersion)) return undefined;
  if (name.kind === "Service") {
    await serviceReady(live, wait, timeoutOf(wait));
    return undefined;
  }
  if (name.kind === "PersistentVolumeClaim" && !(await claimWaits(wait.api, live)))
    return undefined;
  return judges[name.kind];
}

/** API groups whose kinds have judges. */
const builtIn = new Set(["v1", "apps", "batch", "apiextensions.k8s.io"]);

/** Whether the judges apply to this kind; a custom resource may have a kind of the same name. */
function isBuiltIn(apiVersion: string): boolean {
  return builtIn.has(apiVersion.split("/")[0] ?? "");
}

export { NotReady } from "./wait";
