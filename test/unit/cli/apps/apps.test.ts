import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyMove, planMove } from "../../../../cli/apps/move";
import { writeNewApp } from "../../../../cli/apps/new";
import { codeOwners } from "../../../../cli/apps/owners";
import { discover } from "../../../../cli/stacks/discover";

const shop = {
  app: "shop",
  environment: "prod",
  team: "commerce",
  preset: "node",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
};

describe("npx platform apps", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "apps-"));
    writeFileSync(
      join(folder, "Pulumi.prod.yaml"),
      "config:\n  platform:appFiles: apps/prod\n  platform:components: { tenancy: { teams: { commerce: {} } } }\n",
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  const release = (path: string) =>
    writeFileSync(join(folder, path), `${read(path)}stable: { version: 1.0.0 }\n`);

  it("writes a new app's file once, with every value", () => {
    assert.equal(writeNewApp(shop, folder), "apps/prod/shop.yaml");
    assert.match(read("apps/prod/shop.yaml"), /^preset: node$/m);
    assert.throws(() => writeNewApp(shop, folder), /apps\/prod\/shop\.yaml exists/);
  });

  it("writes nothing if the schema refuses values, and names each", () => {
    const bad = { ...shop, app: "../x", domain: "a_b", preset: "cobol" };
    assert.throws(
      () => writeNewApp(bad, folder),
      /^Error: app: (.|\n)*\ndomain: (.|\n)*\npreset: /,
    );
    assert.equal(existsSync(join(folder, "apps")), false);
  });

  it("moves an app that never ran, and first says what a move replaces", () => {
    writeNewApp(shop, folder);
    const move = { app: "shop", environment: "prod", toTeam: "content" };
    assert.deepEqual(planMove(move, folder).replaces, []);
    release("apps/prod/shop.yaml");
    const { replaces } = planMove(move, folder);
    assert.match(replaces.join("\n"), /^namespace: every object of shop moves .* content/);
    const plan = planMove({ app: "shop", environment: "prod", toEnvironment: "gray" }, folder);
    assert.match(plan.replaces.join("\n"), /^environment: prod deletes shop/);
    assert.match(plan.replaces.join("\n"), /^stack: no stack names apps\/gray\/shop\.yaml/m);
    applyMove(plan, folder);
    assert.equal(existsSync(join(folder, "apps/prod/shop.yaml")), false);
    assert.doesNotMatch(read("apps/gray/shop.yaml"), /stable:/);
  });

  it("moves the link of a linked app, and not its target", () => {
    writeNewApp(shop, folder);
    release("apps/prod/shop.yaml");
    const text = read("apps/prod/shop.yaml");
    for (const name of ["gray", "test"]) mkdirSync(join(folder, "apps", name));
    symlinkSync("../prod/shop.yaml", join(folder, "apps/gray/shop.yaml"));
    const move = { app: "shop", environment: "gray", toEnvironment: "test" };
    applyMove(planMove(move, folder), folder);
    assert.equal(read("apps/prod/shop.yaml"), text);
    assert.ok(!lstatSync(join(folder, "apps/test/shop.yaml")).isSymbolicLink());
    assert.equal(existsSync(join(folder, "apps/gray/shop.yaml")), false);
  });

  it("makes each team the owner of its apps' files, and names an owner that is not a team", () => {
    writeNewApp(shop, folder);
    writeNewApp({ ...shop, app: "news", domain: "n.test.org", team: "contnet" }, folder);
    const { text, problems } = codeOwners("@company/", folder);
    assert.equal(
      text,
      "# Written by: npx platform apps owners\n/apps/prod/news.yaml @company/contnet\n/apps/prod/shop.yaml @company/commerce\n",
    );
    assert.deepEqual(problems, [
      "apps/prod/news.yaml: team: expected a team of a stack, got contnet; the teams are commerce",
    ]);
  });

  it("makes the teams of all its apps the owners of a release group, and names a group without any", () => {
    writeNewApp(shop, folder);
    writeNewApp({ ...shop, app: "news", domain: "n.test.org", team: "content" }, folder);
    mkdirSync(join(folder, "apps/groups/prod"), { recursive: true });
    const group = (name: string, text: string) =>
      writeFileSync(join(folder, `apps/groups/prod/${name}.yaml`), text);
    group("checkout", "waves: [[shop], [news]]\n");
    group("lost", "waves: [[gone]]\n");
    group("broken", "waves: []\n");
    const { text, problems } = codeOwners("@company/", folder);
    assert.match(
      text,
      /^\/apps\/groups\/prod\/checkout\.yaml @company\/commerce @company\/content$/m,
    );
    assert.doesNotMatch(text, /lost|broken/);
    const ofGroups = problems.filter((each) => each.startsWith("apps/groups/"));
    assert.deepEqual(ofGroups, [
      "apps/groups/prod/broken.yaml: waves: expected at least one wave, got none",
      "apps/groups/prod/lost.yaml: waves: expected apps of stacks of prod, got none",
    ]);
  });

  it("reports an app in two stacks of one platform as an error of both, but not one in two platforms", () => {
    writeNewApp(shop, folder);
    const stack = (name: string, text: string) =>
      writeFileSync(
        join(folder, `Pulumi.${name}.yaml`),
        `config:\n  platform:appFiles: apps/prod\n${text}`,
      );
    stack("gray", "");
    assert.deepEqual(
      discover(folder, "", folder).map(({ error }) => error),
      [undefined, undefined],
    );
    stack("shop", "  platform:platformStack: organization/platform/prod\n");
    const errors = discover(folder, "", folder).map(({ name, error }) => [name, error ?? ""]);
    assert.deepEqual(
      errors.map(([name, error = ""]) => [
        name,
        /^platform:apps\.shop: expected only one stack.*Pulumi\.\w+\.yaml;/.test(error),
      ]),
      [
        ["gray", false],
        ["prod", true],
        ["shop", true],
      ],
    );
    // A filter that names one of them finds it as well.
    assert.match(discover(folder, "shop", folder)[0]?.error ?? "", /Pulumi\.prod\.yaml/);
  });

  it("lists apps in files with their stack, and an unreadable file as its stack's error", () => {
    writeNewApp(shop, folder);
    const [entry] = discover(folder, "", folder);
    assert.deepEqual(Object.keys(entry?.config["platform:apps"] as object), ["shop"]);
    mkdirSync(join(folder, "apps/other"));
    writeFileSync(join(folder, "apps/other/bad.yaml"), "a: [");
    writeFileSync(join(folder, "Pulumi.other.yaml"), "config:\n  platform:appFiles: apps/other\n");
    const [other, prod] = discover(folder, "", folder);
    assert.match(other?.error ?? "", /^apps\/other\/bad\.yaml: /);
    assert.equal(prod?.error, undefined);
  });
});
