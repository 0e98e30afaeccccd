import * as pulumi from "@pulumi/pulumi";
import { ClusterReader } from "../cluster/reader";
import { namespaceOf, own, type StackConfig } from "../config";
import { outputsOf, ownName, resourceOutputsOf } from "./outputs";
import type { AppStack } from "./app-platform";
import { liveApps, type LiveApp } from "./wait/live-app";
import { notAsRecorded } from "./live-differences";
import { newestRecords, type Records } from "./newest-records";
import { proofsOf, type Proofs } from "./proofs";
import { recordFrom } from "./records";

/** What was recorded of a stack's apps, and what its cluster runs of them. */
export interface Known {
  records: Records;
  live: Record<string, LiveApp>;
  /** What the stacks that releases require have proven. */
  proofs: Proofs;
}

/** What is known of a stack's apps before anything is decided. */
export async function knownOf(stack: AppStack): Promise<Known> {
  const records = await lastReleases();
  const live = await liveAppsOf(stack);
  const newest = await withUnfinished(stack, records, live);
  return { records: newest, live, proofs: await proofsOf(stack, newest, outputsOf, ownName()) };
}

/** What the stack's last successful update recorded of its releases; nothing before the first. */
async function lastReleases(): Promise<Record<string, unknown>> {
  const { releases } = (await outputsOf(ownName())) as { releases?: Record<string, unknown> };
  return releases ?? {};
}

/**
 * The records, with those of an update that failed after it had come to its end for some apps. The
 * whole state is read for them, so only where the cluster is not as the last success recorded it.
 */
async function withUnfinished(
  stack: AppStack,
  records: Records,
  live: Record<string, LiveApp>,
): Promise<Records> {
  const differs = Object.keys(stack.apps).some((name) => {
    const record = own(records, name);
    const runs = own(live, name);
    if (record === undefined || runs === undefined) return runs !== undefined;
    return notAsRecorded(recordFrom(record, name), runs, name).length > 0;
  });
  return differs ? newestRecords(records, await resourceOutputsOf(ownName())) : records;
}

/** What the cluster runs of the stack's apps; nothing is known of it without an engine. */
async function liveAppsOf(stack: AppStack): Promise<Record<string, LiveApp>> {
  // A run without an engine has no cluster either.
  return pulumi.runtime.hasEngine() ? liveAppsIn(stack) : {};
}

/**
 * What the cluster of a stack runs of its apps.
 * @throws ProgramError when it does not answer or refuses.
 */
export async function liveAppsIn(
  stack: Pick<StackConfig, "apps" | "cluster" | "components" | "environment" | "branch">,
): Promise<Record<string, LiveApp>> {
  const names = Object.keys(stack.apps);
  if (names.length === 0) return {};
  const reader = new ClusterReader(stack.cluster);
  try {
    const namespaces = names.map((name) => [name, namespaceOf(stack.apps[name]!.team, stack)]);
    return await liveApps(Object.fromEntries(namespaces) as Record<string, string>, reader);
  } finally {
    reader.close();
  }
}
