import { startCluster, stopCluster } from "../../../local/cluster";
import { startAnsweringPrometheus } from "../../support/answering-prometheus";
import { FleetProject } from "../../support/fleet-project";
import { soonScaled } from "../../support/scaled";
import { Guide } from "../../support/guide";

/** The commands of docs/guides/first-release.md with a real API server and engine, in the order of the page. */
describe("the guide to an app's first release", () => {
  let project: FleetProject;
  let guide: Guide;
  let prometheus: Awaited<ReturnType<typeof startAnsweringPrometheus>>;

  before(async () => {
    prometheus = await startAnsweringPrometheus({
      requests: 4211,
      errors: 2,
      latency: 0.12,
      restarts: 0,
    });
    project = new FleetProject(await startCluster({ name: "first-release", ...soonScaled }));
    project.stack("prod", {
      ...project.common,
      "platform:components": project.parts("commerce"),
      "platform:releases": { prometheus: prometheus.address },
      "platform:appFiles": "apps/prod",
    });
    await project.create("prod");
    guide = new Guide("docs/guides/first-release.md", project);
  });
  after(async () => {
    prometheus?.close();
    await stopCluster("first-release");
    project?.remove();
  });

  it("declares an app that has no release yet", async () => {
    await guide.next("npx platform apps new orders");
    await guide.next("cat apps/prod/orders.yaml");
    await project.up();
    await guide.next("npx platform release status orders");
  });

  it("makes the first version stable immediately", async () => {
    await guide.next("npx platform release canary orders 1.0.0");
    await project.up();
    await guide.next("npx platform release status orders");
  });

  it("makes a later version a canary, and refuses to promote it early", async () => {
    await guide.next("npx platform release canary orders 1.1.0 --weight 10");
    await project.up();
    await guide.next("npx platform release promote orders");
  });

  it("promotes it after its soak time and a passing check", async () => {
    await project.age("prod", 26);
    await guide.next("npx platform release check orders");
    await guide.next("npx platform release promote orders");
    await project.up();
    await guide.next("npx platform release history orders");
  });

  it("goes back to the previous release", async () => {
    await guide.next("npx platform release rollback orders");
    await project.up();
    guide.assertFinished();
  });
});
