import { startCluster, stopCluster } from "../../local/cluster";
import { TestStack } from "./project";
import { soonScaled } from "./scaled";

/** A stack with apps of several kinds on a real API server, and how to stop it. */
export interface LifeStack {
  /** The stack, which exists and has not been updated. */
  stack: TestStack;
  /** Removes the stack's files and its cluster. */
  stop: () => Promise<void>;
}

/**
 * Starts a cluster, and creates a stack with the apps `shop`, `news`, `orders` and `mailer` and what they need.
 * @param name of both.
 */
export async function startLife(name: string): Promise<LifeStack> {
  const cluster = await startCluster({ name, gatewayCrds: true, ...soonScaled });
  const stack = new TestStack(name, cluster);
  stack.keepApps("shop", "news", "orders", "mailer");
  stack.keepParts("placement", "tenancy", "gateway");
  stack.omitGatewayCrds();
  // Seconds that an update waits for a release to become ready.
  stack.editApp("shop", (shop) => {
    Object.assign(shop, { progressDeadlineSeconds: 20 });
  });
  await stack.create();
  return {
    stack,
    stop: async () => {
      await stopCluster(name);
      stack.remove();
    },
  };
}
