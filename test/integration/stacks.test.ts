import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { soonScaled } from "../support/settled";
import { runsStacks } from "./stacks/runs";
import { keepsSecrets } from "./stacks/secrets";

const name = "stacks";

describe("stacks on a real API server", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ name, gatewayCrds: true, ...soonScaled });
  });
  after(() => stopCluster(name));

  runsStacks(() => cluster);
  keepsSecrets(() => cluster);
});
