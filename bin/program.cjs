/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global require */
/**
 * Loads the program for the engine: `Pulumi.yaml` makes Node.js load this file before the SDK. The program is one
 * bundled file, and modules of the SDK that this program never calls are only loaded if they are used. A preview starts
 * in half the CPU time (docs/decisions/typescript-loader.md).
 */
require("./bundle.cjs").loadBundles();
