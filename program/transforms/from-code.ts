import type { Transform } from "./transform";

/**
 * Transforms from code, in the order in which they run; those of the config run after them. CONTRIBUTING.md has an
 * example.
 */
export const transforms: readonly Transform[] = [];
