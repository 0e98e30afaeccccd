import type { AppTraffic } from "../traffic";
import type { Violation } from "../events";
import type { Objects, Step } from "../steps";

/** Kinds of dangers, the worst first. */
export const dangerKinds = [
  "refused",
  "check",
  "data",
  "by-hand",
  "rights",
  "pod-security",
  "network",
  "exposure",
  "tls",
  "retention",
  "schedule",
  "storage",
  "replacement",
  "selector",
  "pods",
  "override",
  "frozen",
  "policy",
  "admission",
  "image",
  "quota",
  "capacity",
  "deletion",
] as const;

export type DangerKind = (typeof dangerKinds)[number];

/** A danger: a change that a reviewer must look at. */
export interface Danger {
  kind: DangerKind;
  /** A sentence in safe Markdown. */
  text: string;
}

/** The data in which the dangers of a preview are found. */
export interface Situation {
  /** Every change of a real object. The two steps of a renamed immutable object are one update. */
  changed: readonly Step[];
  /** Every Kubernetes object before and after, including unchanged ones. */
  objects: Objects;
  traffic: readonly AppTraffic[];
  violations: readonly Violation[];
}
