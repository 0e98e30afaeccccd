/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global require */
/**
 * Loads the program for the engine: `Pulumi.yaml` has Node.js load this file before the SDK. The program is one
 * bundled file, and what the SDK loads, but this program never calls, is loaded at its first use. A preview starts in
 * half the CPU time (docs/decisions/typescript-loader.md).
 */
require("./bundle.cjs").loadBundles();
