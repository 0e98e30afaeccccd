import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { startCluster, stopCluster } from "../../../local/cluster";
import { FleetProject } from "../../support/fleet-project";
import { Guide } from "../../support/guide";
import { soonScaled } from "../../support/scaled";

const page = "docs/releases.md";

/** The stack's config on the page. */
function configOfPage(): Record<string, unknown> {
  const [, text = ""] = /^```yaml\n(.*?)^```$/ms.exec(readFileSync(page, "utf8")) ?? [];
  return (parse(text) as { config: Record<string, unknown> }).config;
}

/** The commands of docs/releases.md with a real API server and engine, in the order of the page. */
describe("the page about the lifecycle of a release", () => {
  let project: FleetProject;
  let guide: Guide;

  before(async () => {
    project = new FleetProject(await startCluster({ name: "releases-page", ...soonScaled }));
    project.stack("life", {
      ...configOfPage(),
      "platform:cluster": project.common["platform:cluster"],
    });
    await project.create("life");
    guide = new Guide(page, project);
  });
  after(async () => {
    await stopCluster("releases-page");
    project?.remove();
  });

  /** Lets the soak time of the canary pass. */
  const soak = () => project.age("life", 1);

  /** Runs the page's next update, and waits for the pods that the autoscalers ask for. */
  const update = async () => {
    await guide.next("npx platform stacks up");
    await project.settle();
  };

  it("makes the first version stable immediately", () => update());

  it("starts a canary, gives it a share, and refuses a second one", async () => {
    await guide.next("npx platform release canary shop 1.5.0");
    await update();
    await guide.next("npx platform release weight shop 10");
    await update();
    await guide.next("npx platform release status shop");
    await guide.next("kubectl get httproute shop");
    await guide.next("npx platform release canary shop 1.6.0");
  });

  it("promotes the canary, rolls it back and makes it stable again", async () => {
    await soak();
    await guide.next("npx platform release promote shop");
    await update();
    await guide.next("npx platform release rollback shop");
    await update();
    await guide.next("kubectl get deployments");
    await guide.next("npx platform release promote shop");
    await guide.next("npx platform release rollback shop 1.5.0");
    await update();
  });

  it("retires the previous release when the next one is promoted", async () => {
    await guide.next("npx platform release canary shop 1.6.0 --weight 50");
    await update();
    await soak();
    await guide.next("npx platform release promote shop");
    await update();
    await guide.next("npx platform release history shop");
    await guide.next("kubectl get deployments");
    guide.assertFinished();
  });
});
