import assert from "node:assert/strict";
import { inOrder, sequenceMatrices, sequencesOf } from "../../../../cli/pipeline/order";
import { discover } from "../../../../cli/stacks/discover";
import { declared, Project } from "../fleet/support";

describe("the order of updates in pipelines", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
    platform("prod", "online");
    platform("dev", "dev");
    project.stack("alone", { "platform:environment": "dev" });
    app("shop", "prod", "online");
    app("stock", "prod", "online");
    app("news", "dev", "dev");
    project.app("apps/groups/prod/checkout.yaml", { waves: [["stock"], ["shop"]] });
  });
  afterEach(() => project.remove());

  function platform(name: string, environment: string): void {
    project.stack(name, { "platform:environment": environment });
  }
  function app(name: string, of: string, environment: string): void {
    project.stack(`${name}.${of}`, {
      "platform:environment": environment,
      "platform:platformStack": `organization/platform/${of}`,
      "platform:appFiles": `apps/${of}/${name}.yaml`,
    });
    project.app(`apps/${of}/${name}.yaml`, declared({ domain: `${name}.example.com` }));
  }
  const entries = (filter = "") => discover(project.folder, filter, project.folder);
  const sequences = (filter?: string) =>
    sequencesOf(entries(filter), project.folder).map((rounds) =>
      rounds.map((round) => round.map(({ name }) => name)),
    );

  it("is the platform, then the waves of its groups; other platforms do not wait for it", () => {
    assert.deepEqual(sequences(), [
      [["alone"]],
      [["dev"], ["news.dev"]],
      [["prod"], ["stock.prod"], ["shop.prod"]],
    ]);
    // What does not change is not waited for.
    assert.deepEqual(sequences("shop"), [[["shop.prod"]]]);
    assert.deepEqual(sequences("nothing"), []);
  });

  it("lists for each stack those before it, which come earlier in the list", () => {
    const list = inOrder(entries(), project.folder).map(
      ([{ name }, needs]) => [name, needs.map((each) => each.name)] as const,
    );
    assert.deepEqual(Object.fromEntries(list), {
      alone: [],
      dev: [],
      prod: [],
      "news.dev": ["dev"],
      "stock.prod": ["prod"],
      "shop.prod": ["prod", "stock.prod"],
    });
    const names = list.map(([name]) => name);
    for (const [name, needs] of list)
      for (const need of needs) assert.ok(names.indexOf(need) < names.indexOf(name), name);
  });

  it("is refused if stacks come both before and after each other", () => {
    project.app("apps/groups/prod/back.yaml", { waves: [["shop"], ["stock"]] });
    assert.throws(
      () => sequences(),
      /expected an order of the stacks, got a cycle of s\w+\.prod, s\w+\.prod/,
    );
  });

  it("is written as GitHub matrices of at most 256 stacks", () => {
    const stack = (name: string) => ({ name, file: "", config: {} });
    const many = Array.from({ length: 300 }, (_, index) => stack(`app-${index}`));
    const read = (rounds: string[]) =>
      rounds.map((text) =>
        (JSON.parse(text) as string[]).map((list) => (JSON.parse(list) as string[]).length),
      );
    assert.deepEqual(read(sequenceMatrices([[many]])), [[256], [44]]);
    assert.deepEqual(read(sequenceMatrices([[[stack("prod")], many]])), [[1, 256, 44]]);
    assert.deepEqual(sequenceMatrices([[[stack("prod")], [stack("shop.prod")]]]), [
      '["[\\"prod\\"]","[\\"shop.prod\\"]"]',
    ]);
  });
});
