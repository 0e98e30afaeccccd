import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { ChartStack } from "../support/chart-stack";
import { bringsCharts } from "./api-server/charts";
import { keepsClaims } from "./api-server/claims";
import { examinesClusters } from "./api-server/doctor";
import { keepsRenamedObjects } from "./api-server/renamed-entries";
import { refusesUpdates } from "./api-server/refusals";
import { separatesTeams, twoTeams } from "./api-server/tenancy";

const name = "api-server";

/** Each of these needs a real API server only for a few checks, so they share one. */
describe("on a real API server", () => {
  let cluster: Cluster;
  let stack: ChartStack;
  before(async () => {
    cluster = await startCluster({ name, nodes: { count: 2 } });
    stack = new ChartStack(name, cluster);
    stack.components((components) => {
      Object.assign(components, { placement: {}, tenancy: { teams: twoTeams() } });
    });
    await stack.create();
  });
  after(async () => {
    await stopCluster(name);
    stack?.remove();
  });

  // The first two expect a cluster without a stack's objects.
  examinesClusters(() => cluster);
  refusesUpdates(() => cluster);
  bringsCharts(() => stack);
  keepsRenamedObjects(() => stack);
  keepsClaims(() => stack);
  separatesTeams(() => stack);
});
