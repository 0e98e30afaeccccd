import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { soonScaled } from "../support/scaled";
import { keepsStateInBucket } from "./stacks/bucket";
import { releasesGroups } from "./stacks/groups";
import { runsStacks } from "./stacks/runs";
import { scalesWorkers } from "./stacks/scaled-worker";
import { keepsSecrets } from "./stacks/secrets";

const name = "stacks";

// They share the cluster, which costs more to start than most updates: each has namespaces of its own, and only one of
// them has a gateway.
describe("stacks on a real API server", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ name, gatewayCrds: true, keda: true, ...soonScaled });
  });
  after(() => stopCluster(name));

  const current = () => cluster;
  runsStacks(current);
  keepsSecrets(current);
  keepsStateInBucket(current);
  releasesGroups(current);
  scalesWorkers(current);
});
