import assert from "node:assert/strict";
import { harborBodies } from "../../support/contracts/harbor";
import { bootstrapSettings } from "../../../components/registry/bootstrap-settings";
import {
  recordingServer,
  runBootstrap,
  type Answer,
  type RecordedRequest,
  type RecordingServer,
} from "../../support/bootstrap";

const adminPassword = "Admin0Password";
const secrets = {
  "admin-password": adminPassword,
  "robot-ci": "Ci0Secret0000000",
  "robot-pull-commerce": "Pull0Secret00000",
};

interface Project {
  project_id: number;
  name: string;
  metadata: Record<string, string>;
}

interface Robot {
  id: number;
  name: string;
  description?: string;
  secret: string;
  [field: string]: unknown;
}

/**
 * Returns a body in the format of Harbor 2.15.1: go-swagger generates its models from api/v2.0/swagger.yaml, and omits
 * false, 0, empty strings and empty lists unless the field has `x-omitempty: false`.
 */
function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutZeros);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== false && entry !== 0 && entry !== "" && !empty(entry))
      .map(([key, entry]) => [key, withoutZeros(entry)]),
  );
}

/** Returns why the API rejects a body; Harbor itself ignores unknown fields. */
function refusal(request: string, body: unknown): string | undefined {
  const known = harborBodies[request];
  if (known === undefined) return `${request} is not in the table of bodies`;
  return known.safeParse(body).error?.message;
}

function empty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A robot has two such fields and some more, and never returns its secret. */
function shown({ disable, ...robot }: Robot): object {
  return {
    ...(withoutZeros({ ...robot, secret: "" }) as object),
    editable: true,
    disable: disable === true,
  };
}

/** A stub with the subset of Harbor's API that the script uses, and its state in memory. */
class FakeHarbor {
  password = adminPassword;
  configuration: Record<string, unknown> = { self_registration: true };
  projects: Project[] = [];
  robots: Robot[] = [];
  retentions: Record<string, unknown>[] = [];
  schedule: { schedule?: unknown; job_parameters?: string } = {};
  /** Request that fails once. */
  failOnce?: RegExp;

  answer = (request: RecordedRequest): Answer => {
    const { method, path } = request;
    if (this.failOnce?.test(`${method} ${path}`)) {
      this.failOnce = undefined;
      return { status: 500, body: { errors: [{ message: "database is restarting" }] } };
    }
    if (path === "/api/v2.0/ping") return { status: 200 };
    if (path.startsWith("/service/token")) return this.token(request);
    if (request.user?.name !== "admin" || request.user.password !== this.password) {
      return { status: 401 };
    }
    return this.api(method, path.replace("/api/v2.0", ""), request.body);
  };

  private token({ user }: RecordedRequest): Answer {
    const known = this.robots.some(
      ({ name, secret }) => name === user?.name && secret === user.password,
    );
    return known ? { status: 200, body: { token: "t" } } : { status: 401 };
  }

  private api(method: string, path: string, body: unknown): Answer {
    const fields = (body ?? {}) as Record<string, unknown>;
    const [, kind = "", id = ""] = /^\/([^/?]+)\/?([^?]*)/.exec(path) ?? [];
    const refused = body === undefined ? undefined : refusal(`${method} ${kind}`, body);
    if (refused !== undefined) return { status: 400, body: { errors: [{ message: refused }] } };
    switch (`${method} ${kind}`) {
      case "GET users":
        return { status: 200, body: { username: "admin" } };
      case "GET configurations":
        return {
          status: 200,
          body: Object.fromEntries(
            Object.entries(this.configuration).map(([key, value]) => [key, { value }]),
          ),
        };
      case "PUT configurations":
        Object.assign(this.configuration, fields);
        return { status: 200 };
      case "GET projects":
        return this.found(withoutZeros(this.projects.find(({ name }) => name === id)));
      case "POST projects":
        this.projects.push({
          project_id: this.projects.length + 1,
          name: fields["project_name"] as string,
          metadata: { ...(fields["metadata"] as Record<string, string>) },
        });
        return { status: 201 };
      case "PUT projects":
        Object.assign(
          this.projects.find(({ name }) => name === id)?.metadata ?? {},
          fields["metadata"],
        );
        return { status: 200 };
      case "GET retentions":
        return this.found(withoutZeros(this.retentions[Number(id) - 1]));
      case "POST retentions":
        this.retentions.push({ ...fields, id: this.retentions.length + 1 });
        this.retain((fields["scope"] as { ref: number }).ref);
        return { status: 201 };
      case "PUT retentions":
        this.retentions[Number(id) - 1] = fields;
        return { status: 200 };
      case "GET robots":
        return { status: 200, body: this.robots.map(shown) };
      case "POST robots":
        return this.makeRobot(fields);
      case "PUT robots":
        Object.assign(this.robots.find((robot) => robot.id === Number(id)) ?? {}, fields);
        return { status: 200 };
      case "PATCH robots":
        Object.assign(this.robots.find((robot) => robot.id === Number(id)) ?? {}, fields);
        return { status: 200 };
      case "DELETE robots":
        this.robots = this.robots.filter((robot) => robot.id !== Number(id));
        return { status: 200 };
      case "GET system":
        return { status: 200, body: withoutZeros(this.schedule) };
      case "POST system":
      case "PUT system":
        this.schedule = {
          schedule: fields["schedule"],
          job_parameters: JSON.stringify({ workers: 1, ...(fields["parameters"] as object) }),
        };
        return { status: 201 };
      default:
        return {
          status: 405,
          body: { errors: [{ message: `${method} ${path} is not expected` }] },
        };
    }
  }

  private found(body: unknown): Answer {
    return body === undefined ? { status: 404 } : { status: 200, body };
  }

  private retain(ref: number): void {
    const project = this.projects.find(({ project_id: id }) => id === ref);
    if (project !== undefined) project.metadata["retention_id"] = String(this.retentions.length);
  }

  private makeRobot(fields: Record<string, unknown>): Answer {
    const id = this.robots.length + 10;
    const robot = { ...fields, id, name: `robot$${String(fields["name"])}`, secret: "generated" };
    this.robots.push(robot);
    return { status: 201, body: { id, name: robot.name, secret: robot.secret } };
  }
}

describe("Harbor's bootstrap script", () => {
  let harbor: FakeHarbor;
  let server: RecordingServer;
  beforeEach(async () => {
    harbor = new FakeHarbor();
    server = await recordingServer(harbor.answer);
  });
  afterEach(() => server.close());

  const settings = (domains: Record<string, string[]> = { commerce: ["shop.example.com"] }) =>
    bootstrapSettings(server.url, domains, {
      retention: { latest: 30, pulledWithin: 90 * 86_400 },
      garbageCollection: "0 0 2 * * 6",
    });
  const script = (domains?: Record<string, string[]>, changed: Record<string, string> = {}) =>
    runBootstrap("registry/bootstrap.mjs", settings(domains), { ...secrets, ...changed });

  it("makes everything in the first run", async () => {
    const { code, stderr } = await script();
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
    it(`goes on after a run that failed at ${step.source}`, async () => {
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

  it("fails for good with a wrong password, says what to do, and never shows it", async () => {
    const { code, stdout, stderr } = await script(undefined, {
      "admin-password": "Wrong0Password",
    });
    assert.equal(code, 2, "the Job would try again");
    assert.match(
      stderr,
      /Harbor refuses the password of admin\. The Secret harbor-admin counts only/,
    );
    assert.doesNotMatch(stdout + stderr, /Wrong0Password/);
    assert.deepEqual(server.writes(), []);
  });

  it("fails when Harbor does not answer in time", async () => {
    const gone = { ...settings(), url: "http://127.0.0.1:1" };
    const { code, stderr } = await runBootstrap("registry/bootstrap.mjs", gone, secrets);
    assert.equal(code, 1);
    assert.match(stderr, /Harbor at http:\/\/127\.0\.0\.1:1 is not ready after 1 s/);
  });

  it("sets a new secret of a robot, and that alone", async () => {
    await script();
    server.requests.length = 0;
    await script(undefined, { "robot-ci": "Another0Secret00" });
    assert.deepEqual(server.writes(), ["PATCH /api/v2.0/robots/10"]);
    assert.equal(harbor.robots[0]?.secret, "Another0Secret00");
  });

  it("follows a new app, and puts right what somebody changed", async () => {
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

  it("turns a rule of retention on again that somebody turned off", async () => {
    await script();
    const [rule] = harbor.retentions[0]?.["rules"] as { disabled: boolean }[];
    assert.ok(rule);
    rule.disabled = true;
    server.requests.length = 0;
    await script();
    assert.deepEqual(server.writes(), ["PUT /api/v2.0/retentions/1"]);
    assert.deepEqual(
      (harbor.retentions[0]?.["rules"] as { disabled: boolean }[]).map(({ disabled }) => disabled),
      [false, false],
    );
  });

  it("deletes the account of a team that is gone, and no account of somebody else", async () => {
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

  it("keep the base images for good and the apps' by policy", () => {
    assert.deepEqual(
      made.projects.map(({ name, retained }) => [name, retained]),
      [
        ["template", false],
        ["news.example.com", true],
        ["shop.example.com", true],
      ],
    );
    const { rules } = made.retention as { rules: { template: string; params: object }[] };
    assert.deepEqual(
      rules.map(({ template, params }) => [template, params]),
      [
        ["latestPushedK", { latestPushedK: 12 }],
        ["nDaysSinceLastPull", { nDaysSinceLastPull: 4 }],
      ],
    );
  });

  it("let builds push everywhere and a team pull its own images and the base images only", () => {
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
