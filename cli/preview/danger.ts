/** What a reviewer must not miss, the worst first. */
export const dangerKinds = [
  "refused",
  "data",
  "replacement",
  "selector",
  "pods",
  "override",
  "frozen",
  "policy",
  "capacity",
  "deletion",
] as const;

/** One reason to look twice. */
export interface Danger {
  kind: (typeof dangerKinds)[number];
  /** A sentence in safe Markdown. */
  text: string;
}
