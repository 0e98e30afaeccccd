import type * as k8s from "@pulumi/kubernetes";
import { kafkaPaths } from "./kafka-config";

const script = `${kafkaPaths.settings}/in-sync.sh`;

/** Seconds that a node may take to hand over its partitions and to flush its data. */
export const shutdownSeconds = 180;
/** Seconds that a stop waits for other nodes to catch up. A limit, because draining a node must end. */
export const stopLimitSeconds = 300;

/**
 * A node counts as started once it is in sync; only then is the next one restarted. Copying everything to an empty disk
 * may take hours, and another restart would make it longer.
 */
export const caughtUp: k8s.types.input.core.v1.Probe = {
  exec: { command: ["sh", script, "caught-up"] },
  periodSeconds: 15,
  timeoutSeconds: 30,
  failureThreshold: (24 * 3600) / 15,
};

/** While other nodes are missing and a node is the only one with some data, it stops only after they are back. */
export const waitUntilSafeToStop: k8s.types.input.core.v1.LifecycleHandler = {
  exec: {
    command: ["env", `LIMIT=${stopLimitSeconds}`, "sh", script, "may-stop"],
  },
};
