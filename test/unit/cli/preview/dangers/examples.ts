import type { DangerKind } from "../../../../../cli/preview/dangers";

export type Fields = Record<string, unknown>;

/** A change of an object. */
export interface Example {
  what: string;
  kind: string;
  namespace?: string;
  op?: "create" | "update";
  /** Another object of the namespace, which stays as it is; its name is `neighbour`. */
  beside?: Fields & { kind: string };
  before?: Fields;
  after: Fields;
}

export interface Pair extends Example {
  /** Expected kind and message. */
  is: [DangerKind, RegExp];
  /** Differences that make the same change harmless. */
  harmless: Partial<Example>;
}

/** Returns an object of this kind with a pod spec. */
export const pod = (spec: Fields, more: Fields = {}): Fields => ({
  spec: { ...more, template: { metadata: { labels: { app: "x" } }, spec } },
});
export const container = (fields: Fields): Fields =>
  pod({ containers: [{ name: "app", ...fields }] });
