import type { DangerKind } from "../../../../../cli/preview/dangers";

export type Fields = Record<string, unknown>;

/** A change of one object. */
export interface Example {
  what: string;
  kind: string;
  namespace?: string;
  op?: "create" | "update";
  before?: Fields;
  after: Fields;
}

export interface Pair extends Example {
  /** What it must be called. */
  is: [DangerKind, RegExp];
  /** What makes the same change harmless. */
  harmless: Partial<Example>;
}

/** An object with pods of this kind. */
export const pod = (spec: Fields, more: Fields = {}): Fields => ({
  spec: { ...more, template: { metadata: { labels: { app: "x" } }, spec } },
});
export const container = (fields: Fields): Fields =>
  pod({ containers: [{ name: "app", ...fields }] });
