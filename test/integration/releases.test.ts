import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { soonScaled } from "../support/settled";
import { releasesGroups } from "./releases/groups";
import { scalesWorkers } from "./releases/scaled-worker";

const name = "releases";

describe("releases of several stacks on a real API server", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ name, gatewayCrds: true, keda: true, ...soonScaled });
  });
  after(() => stopCluster(name));

  scalesWorkers(() => cluster);
  releasesGroups(() => cluster);
});
