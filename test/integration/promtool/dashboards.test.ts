import { stringify } from "yaml";
import { dashboardList } from "../../../components/monitoring/dashboards";
import { queriesOf } from "../../../components/monitoring/dashboards/build";
import { MonitoringTools } from "../../support/promtool";

describe("the dashboards", () => {
  const tools = new MonitoringTools();
  after(() => tools.remove());

  for (const dashboard of dashboardList()) {
    it(`${dashboard.title} has queries that are valid for promtool`, async () => {
      const rules = queriesOf(dashboard).map((expr, index) => ({ record: `query:${index}`, expr }));
      const content = { groups: [{ name: dashboard.uid, rules }] };
      await tools.promtool("check", "rules", tools.write("queries.yaml", stringify(content)));
    });
  }
});
