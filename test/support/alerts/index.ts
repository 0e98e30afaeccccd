import { apps } from "./apps";
import type { AlertCase } from "./case";
import { delivery } from "./delivery";
import { logging } from "./logging";
import { monitoring } from "./monitoring";
import { nodes } from "./nodes";
import { dns, tracing } from "./tracing";
import { workloads } from "./workloads";

/** Situations in which each alert fires, and in which it does not. */
export const alertCases: AlertCase[] = [
  ...apps,
  ...workloads,
  ...nodes,
  ...dns,
  ...logging,
  ...tracing,
  ...delivery,
  ...monitoring,
];
