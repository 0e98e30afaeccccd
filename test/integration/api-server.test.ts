import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { ChartStack } from "../support/chart-stack";
import { bringsCharts } from "./api-server/charts";
import { previewsDangers } from "./api-server/dangers";
import { examinesClusters } from "./api-server/doctor";
import { refusesUpdates } from "./api-server/refusals";
import { refusesReplacements } from "./api-server/replacements";
import { Shelves } from "./api-server/shelves";
import { separatesTeams, twoTeams } from "./api-server/tenancy";

const name = "api-server";

/**
 * Each of these needs a real API server only for a few checks, so they share one, and most updates of one stack. Each
 * continues where the one before it ended.
 */
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
    Shelves.remove();
  });

  // The first two expect a cluster without a stack's objects.
  examinesClusters(() => cluster);
  refusesUpdates(() => stack);
  bringsCharts(() => stack);
  refusesReplacements(() => stack);
  previewsDangers(() => stack);
  separatesTeams(() => stack);
});
