/** Sections of a config, by key after `platform:`. */
export type Values = Record<string, unknown>;

/** A small complete config, from which mutations start. */
export interface Base {
  name: string;
  values: Values;
}
