import assert from "node:assert/strict";
import { bootstrapSettings } from "../../../../components/registry/bootstrap-settings";
import {
  startRecordingServer,
  runBootstrap,
  runBootstrapHere,
  type RecordingServer,
} from "../../../support/bootstrap";
import { adminPassword, SimulatedHarbor } from "./simulated-harbor";

const secrets = {
  "admin-password": adminPassword,
  "robot-ci": "Ci0Secret0000000",
  "robot-pull-commerce": "Pull0Secret00000",
};

describe("Harbor's bootstrap script", () => {
  let harbor: SimulatedHarbor;
  let server: RecordingServer;
  beforeEach(async () => {
    harbor = new SimulatedHarbor();
    server = await startRecordingServer(harbor.answer);
  });
  afterEach(() => server.close());

  const settings = (domains: Record<string, string[]> = { commerce: ["shop.example.com"] }) =>
    bootstrapSettings(server.url, domains, {
      retention: { latest: 30, pulledWithin: 90 * 86_400 },
      garbageCollection: "0 0 2 * * 6",
    });
  const script = (
    domains?: Record<string, string[]>,
    changed: Record<string, string> = {},
    run = runBootstrapHere,
  ) => run("registry/bootstrap.mjs", settings(domains), { ...secrets, ...changed });

  it("creates everything in the first run", async () => {
    const { code, stderr } = await script(undefined, {}, runBootstrap);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      harbor.projects.map(({ name, metadata }) => [name, metadata]),
      [
        ["template", { public: "false", auto_scan: "true" }],
        ["shop.example.com", { public: "false", auto_scan: "true", retention_id: "1" }],
      ],
    );
    assert.deepEqual(
      harbor.robots.map(({ name, secret }) => [name, secret]),
      [
        ["robot$ci", secrets["robot-ci"]],
        ["robot$pull-commerce", secrets["robot-pull-commerce"]],
      ],
    );
    assert.deepEqual(harbor.configuration, {
      self_registration: false,
      project_creation_restriction: "adminonly",
    });
    assert.deepEqual(harbor.schedule.schedule, { type: "Custom", cron: "0 0 2 * * 6" });
  });

  it("changes nothing in a second run, and says so", async () => {
    await script();
    server.requests.length = 0;
    const { code, stdout } = await script();
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), []);
    assert.equal(stdout, "Nothing to change.\n");
  });

  for (const step of [
    /^POST \/api\/v2\.0\/retentions/,
    /^PATCH \/api\/v2\.0\/robots/,
    /^POST \/api\/v2\.0\/system/,
  ]) {
    it(`continues after a run that failed at ${step.source}`, async () => {
      harbor.failOnce = step;
      const failed = await script();
      assert.equal(failed.code, 1);
      assert.match(failed.stderr, /answered 500: .*database is restarting/);
      const again = await script();
      assert.equal(again.code, 0, again.stderr);
      assert.equal(harbor.projects.length, 2);
      assert.equal(harbor.retentions.length, 1);
      assert.deepEqual(
        harbor.robots.map(({ secret }) => secret),
        [secrets["robot-ci"], secrets["robot-pull-commerce"]],
      );
      server.requests.length = 0;
      await script();
      assert.deepEqual(server.writes(), []);
    });
  }

  it("fails without a retry with a wrong password, says what to do, and never shows it", async () => {
    const { code, stdout, stderr } = await script(undefined, {
      "admin-password": "Wrong0Password",
    });
    assert.equal(code, 2, "the Job would try again");
    assert.match(
      stderr,
      /Harbor rejects the password of admin\. It reads Secret harbor-admin only/,
    );
    assert.doesNotMatch(stdout + stderr, /Wrong0Password/);
    assert.deepEqual(server.writes(), []);
  });

  it("fails if Harbor does not respond in time", async () => {
    const gone = { ...settings(), url: "http://127.0.0.1:1" };
    const { code, stderr } = await runBootstrapHere("registry/bootstrap.mjs", gone, secrets);
    assert.equal(code, 1);
    assert.match(stderr, /Harbor at http:\/\/127\.0\.0\.1:1 is not ready after 1 s/);
  });

  it("sets only a new secret of a robot", async () => {
    await script();
    server.requests.length = 0;
    await script(undefined, { "robot-ci": "Another0Secret00" });
    assert.deepEqual(server.writes(), ["PATCH /api/v2.0/robots/10"]);
    assert.equal(harbor.robots[0]?.secret, "Another0Secret00");
  });

  it("adds a new app, and corrects what somebody changed", async () => {
    await script();
    const template = harbor.projects[0];
    if (template !== undefined) template.metadata["public"] = "true";
    Object.assign(harbor.robots[0] ?? {}, { disable: true });
    server.requests.length = 0;
    const { code } = await script({ commerce: ["shop.example.com", "web.example.com"] });
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), [
      "PUT /api/v2.0/projects/template",
      "POST /api/v2.0/projects",
      "POST /api/v2.0/retentions",
      "PUT /api/v2.0/robots/10",
      "PUT /api/v2.0/robots/11",
    ]);
    assert.equal(template?.metadata["public"], "false");
  });

  it("enables a retention rule again that somebody disabled", async () => {
    await script();
    const [rule] = harbor.retentions[0]?.["rules"] as { disabled: boolean }[];
    assert.ok(rule);
    rule.disabled = true;
    server.requests.length = 0;
    await script();
    assert.deepEqual(server.writes(), ["PUT /api/v2.0/retentions/1"]);
    const rules = harbor.retentions[0]?.["rules"] as { disabled: boolean }[];
    assert.deepEqual([...new Set(rules.map(({ disabled }) => disabled))], [false]);
  });

  it("deletes the account of a removed team, and no other account", async () => {
    await script();
    harbor.robots.push({ id: 99, name: "robot$mine", secret: "x", description: "by hand" });
    server.requests.length = 0;
    await script({});
    assert.deepEqual(server.writes(), ["DELETE /api/v2.0/robots/11"]);
    assert.deepEqual(
      harbor.robots.map(({ name }) => name),
      ["robot$ci", "robot$mine"],
    );
  });
});

describe("Harbor's bootstrap settings", () => {
  const made = bootstrapSettings(
    "http://harbor",
    { commerce: ["shop.example.com"], content: ["news.example.com"] },
    { retention: { latest: 12, pulledWithin: 3.5 * 86_400 }, garbageCollection: "0 0 3 * * *" },
  );

  it("keep the base images forever and the apps' by policy", () => {
    assert.deepEqual(
      made.projects.map(({ name, retained }) => [name, retained]),
      [
        ["template", false],
        ["news.example.com", true],
        ["shop.example.com", true],
      ],
    );
    const { algorithm, rules } = made.retention as {
      algorithm: string;
      rules: { template: string; params: object; tag_selectors: { pattern: string }[] }[];
    };
    // What any rule keeps is kept. Builds of dev must not displace the image that online runs.
    assert.equal(algorithm, "or");
    const latest = { latestPushedK: 12 };
    assert.deepEqual(
      rules.map(({ template, params, tag_selectors: [tags] }) => [template, params, tags?.pattern]),
      [
        ["latestPushedK", latest, "*-dev-*"],
        ["latestPushedK", latest, "*-test-*"],
        ["latestPushedK", latest, "*-gray-*"],
        ["latestPushedK", latest, "*-online-*"],
        ["latestPushedK", latest, "**"],
        ["nDaysSinceLastPull", { nDaysSinceLastPull: 4 }, "**"],
      ],
    );
  });

  it("let builds push everywhere, and a team pull only its own images and the base images", () => {
    const rights = made.robots.map(({ name, permissions }) => [
      name,
      permissions.map(
        ({ namespace, access }) => `${namespace} ${access.map((a) => a.action).join()}`,
      ),
    ]);
    assert.deepEqual(rights, [
      ["ci", ["* pull,push"]],
      ["pull-commerce", ["template pull", "shop.example.com pull"]],
      ["pull-content", ["template pull", "news.example.com pull"]],
    ]);
  });
});
