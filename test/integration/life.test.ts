import { startCluster, stopCluster } from "../../local/cluster";
import { TestStack } from "../support/project";
import { findsHandChanges } from "./life/hand-changes";
import { recoversKilledUpdates } from "./life/killed-updates";
import { migratesData } from "./life/migrations";
import { movesNamespace } from "./life/moves";
import { releasesApps } from "./life/releases";
import { sharesPods } from "./life/workers";

describe("apps on a real API server, over their life", () => {
  let stack: TestStack;
  before(async () => {
    const cluster = await startCluster({ name: "life", gatewayCrds: true });
    stack = new TestStack("life", cluster);
    stack.keepApps("shop", "news", "orders", "mailer");
    stack.keepParts("placement", "tenancy", "gateway");
    stack.omitGatewayCrds();
    // Seconds that an update waits for a release to become ready.
    stack.edit((config) => {
      const { shop } = config["platform:apps"] as { shop: object };
      Object.assign(shop, { progressDeadlineSeconds: 20 });
    });
    await stack.create();
    await stack.must("up");
  });
  after(async () => {
    await stopCluster("life");
    stack?.remove();
  });

  findsHandChanges(() => stack);
  releasesApps(() => stack);
  recoversKilledUpdates(() => stack);
  sharesPods(() => stack);
  migratesData(() => stack);
  movesNamespace(() => stack);
});
