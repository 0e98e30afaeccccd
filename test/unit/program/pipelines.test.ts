import assert from "node:assert/strict";
import { concernedBy } from "../../../cli/stacks/concerned";
import { discover } from "../../../cli/stacks/discover";
import { hashedConfig } from "../../../cli/stacks/inputs";
import { parseStack } from "../../../config";
import { partsOf } from "../../../program/parts";
import { foreignPipelines } from "../../../program/pipelines";
import { declared, Project } from "../cli/fleet/support";

const targets = { gray: { stack: "gray", check: false }, online: { stack: "prod", check: true } };

describe("the pipelines of apps that have a stack each", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
    for (const platform of ["prod", "gray"]) {
      project.stack(platform, {
        "platform:environment": "online",
        ...(platform === "prod" ? { "platform:components": { ci: { stacks: targets } } } : {}),
      });
      appStack("shop", platform);
    }
    appStack("news", "prod");
  });
  afterEach(() => project.remove());

  function appStack(app: string, platform: string, fields: object = {}): void {
    project.stack(`${app}.${platform}`, {
      "platform:environment": "online",
      "platform:platformStack": `organization/platform/${platform}`,
      "platform:appFiles": `apps/${platform}/${app}.yaml`,
    });
    const repository = `https://git.test/${app}.git`;
    project.app(
      `apps/${platform}/${app}.yaml`,
      declared({ domain: `${app}.example.com`, repository, ...fields }),
    );
  }

  it("are read from their files, with each app's own stack in every environment", () => {
    const found = foreignPipelines("prod", targets, project.folder);
    assert.deepEqual(Object.keys(found).sort(), ["news", "shop"]);
    assert.deepEqual(found["shop"], {
      team: "commerce",
      domain: "shop.example.com",
      repository: "https://git.test/shop.git",
      runtime: "node:24.18.0",
      agent: "node-24",
      build: "node",
      stacks: {
        gray: { stack: "shop.gray", check: false },
        online: { stack: "shop.prod", check: true },
      },
    });
    assert.deepEqual(found["news"]?.stacks, { online: { stack: "news.prod", check: true } });
    assert.deepEqual(foreignPipelines("other", targets, project.folder), {});
  });

  it("omit what a file does not contain, and ignore an invalid one", () => {
    appStack("odd", "prod", { team: 3 });
    appStack("leak", "prod", { repository: "https://me:word@git.test/leak.git" });
    project.file("apps/prod/news.yaml", "a: [");
    assert.deepEqual(Object.keys(foreignPipelines("prod", targets, project.folder)), ["shop"]);
  });

  it("are jobs of the platform stack's Jenkins, for the groups of their teams", () => {
    const stack = parseStack("prod", {
      environment: "online",
      domain: "example.com",
      cluster: { kubeconfig: "none", context: "none" },
      components: {
        ci: { repository: { url: "https://git.test/platform.git" }, stacks: targets },
      },
    });
    const pipelines = foreignPipelines("prod", targets, project.folder);
    const { ci } = partsOf({ ...stack, pipelines });
    assert.deepEqual(Object.keys(ci?.apps ?? {}).sort(), ["news", "shop"]);
    assert.deepEqual(ci?.teams, { commerce: { view: [], build: ["commerce"] } });
  });

  it("are part of the platform stack's inputs, which a new or removed stack changes", () => {
    const prod = () => {
      const entry = discover(project.folder, "", project.folder).find(
        ({ name }) => name === "prod",
      );
      assert.ok(entry);
      return JSON.stringify(hashedConfig(entry, project.folder));
    };
    const before = prod();
    appStack("cart", "prod");
    assert.notEqual(prod(), before);
    const concerned = (file: string) =>
      concernedBy(discover(project.folder, "", project.folder), [file], project.folder).map(
        ({ name }) => name,
      );
    assert.deepEqual(concerned("Pulumi.cart.prod.yaml"), ["cart.prod", "prod"]);
    assert.deepEqual(concerned("Pulumi.gone.prod.yaml"), ["prod"]);
    assert.deepEqual(concerned("apps/prod/cart.yaml"), ["cart.prod"]);
  });
});
