import type * as k8s from "@pulumi/kubernetes";
import { kafkaPaths } from "./kafka-config";

const script = `${kafkaPaths.settings}/in-sync.sh`;

/** Seconds that a node may take to hand over its partitions and to write out what it has. */
export const shutdownSeconds = 180;
/** Seconds that a stop waits for other nodes to catch up; a machine must be drained in the end. */
export const stopLimitSeconds = 300;

/**
 * A node is started once it is in sync: the next one is restarted only then. Copying everything to an
 * empty disk may take hours, and a restart in between would make it longer.
 */
export const caughtUp: k8s.types.input.core.v1.Probe = {
  exec: { command: ["sh", script, "caught-up"] },
  periodSeconds: 15,
  timeoutSeconds: 30,
  failureThreshold: (24 * 3600) / 15,
};

/** A node that other nodes' absence makes indispensable stops only after they are back. */
export const waitUntilSpared: k8s.types.input.core.v1.LifecycleHandler = {
  exec: {
    command: ["env", `LIMIT=${stopLimitSeconds}`, "sh", script, "may-stop"],
  },
};
