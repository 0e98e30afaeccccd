import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { snapshotSettings } from "../../../../components/backup/elasticsearch";
import { backup as schema } from "../../../../config/components/backup";
import {
  startRecordingServer,
  runBootstrap,
  runBootstrapHere,
  type Answer,
  type RecordedRequest,
  type RecordingServer,
} from "../../../support/bootstrap";

type Named = Record<string, unknown>;

/** A stub with the subset of Elasticsearch's API that the script uses. */
class FakeElasticsearch {
  repository?: Named;
  policy?: Named;
  lastSuccess?: number;
  lastFailure?: string;
  snapshots = new Map<string, string[]>();
  /** States of a new snapshot, in order. */
  states = ["IN_PROGRESS", "SUCCESS"];
  verified: Answer = { status: 200, body: { nodes: {} } };

  answer = ({ method, path, user, body }: RecordedRequest): Answer => {
    if (user?.password !== "right") return { status: 401 };
    const call = `${method} ${path}`;
    const snapshot = /^GET \/_snapshot\/platform\/(.+)$/.exec(call)?.[1];
    if (snapshot !== undefined) return this.snapshot(snapshot);
    switch (call) {
      case "GET /":
        return { status: 200, body: {} };
      case "GET /_snapshot/platform":
        return this.repository
          ? { status: 200, body: { platform: this.repository } }
          : { status: 404 };
      case "PUT /_snapshot/platform":
        this.repository = body as Named;
        return { status: 200, body: { acknowledged: true } };
      case "POST /_snapshot/platform/_verify":
        return this.verified;
      case "GET /_slm/policy/platform":
        return this.policy ? { status: 200, body: { platform: this.state() } } : { status: 404 };
      case "PUT /_slm/policy/platform":
        this.policy = body as Named;
        return { status: 200, body: { acknowledged: true } };
      case "PUT /_slm/policy/platform/_execute":
        this.snapshots.set("platform-1", [...this.states]);
        return { status: 200, body: { snapshot_name: "platform-1" } };
      default:
        return { status: 400, body: { error: call } };
    }
  };

  private state(): Named {
    return {
      version: 1,
      policy: this.policy,
      ...(this.lastSuccess ? { last_success: { time: this.lastSuccess } } : {}),
      ...(this.lastFailure ? { last_failure: { details: this.lastFailure } } : {}),
    };
  }

  private snapshot(name: string): Answer {
    const states = this.snapshots.get(name);
    if (states === undefined) return { status: 404 };
    const state = states.length > 1 ? states.shift() : states[0];
    return { status: 200, body: { snapshots: [{ snapshot: name, state }] } };
  }
}

describe("the script of Elasticsearch's snapshots", () => {
  let fake: FakeElasticsearch;
  let server: RecordingServer;
  beforeEach(async () => {
    fake = new FakeElasticsearch();
    server = await startRecordingServer((request) => fake.answer(request));
  });
  afterEach(() => server.close());

  const config = schema.parse({
    repository: { endpoint: "https://s3.example.com", bucket: "backups" },
    credentials: { secret: "bucket" },
  });
  const run = (password = "right", how = runBootstrapHere) =>
    how(
      "backup/scripts/elasticsearch.mjs",
      snapshotSettings({ url: server.url, user: "elastic" }, config, "online"),
      { password },
    );
  const hoursAgo = (hours: number) => Date.now() - hours * 3_600_000;

  it("creates repository, policy and the first snapshot, and waits for it", async () => {
    const { code, stdout } = await run("right", runBootstrap);
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), [
      "PUT /_snapshot/platform",
      "POST /_snapshot/platform/_verify",
      "PUT /_slm/policy/platform",
      "PUT /_slm/policy/platform/_execute",
    ]);
    assert.match(stdout, /Snapshot platform-1 created/);
  });

  it("changes nothing if everything is in order, but checks the bucket", async () => {
    await run();
    fake.lastSuccess = hoursAgo(3);
    const before = server.requests.length;
    const { code, stdout } = await run();
    assert.equal(code, 0);
    assert.match(stdout, /Nothing to change/);
    const writes = server.requests.slice(before).filter(({ method }) => method !== "GET");
    assert.deepEqual(
      writes.map(({ path }) => path),
      ["/_snapshot/platform/_verify"],
    );
  });

  it("restores what somebody changed by hand", async () => {
    await run();
    fake.lastSuccess = hoursAgo(3);
    fake.policy = { ...fake.policy, retention: { expire_after: "1d" } };
    const { stdout } = await run();
    assert.match(stdout, /_slm\/policy\/platform changed/);
    assert.deepEqual(fake.policy["retention"], { expire_after: "14d", min_count: 10 });
  });

  it("creates a snapshot if the last good one is too old, and says why", async () => {
    await run();
    [fake.lastSuccess, fake.lastFailure] = [hoursAgo(30), "the bucket was full"];
    const { code, stderr, stdout } = await run();
    assert.equal(code, 0);
    assert.match(stderr, /The last snapshot failed: the bucket was full/);
    assert.match(stdout, /Snapshot platform-1 created/);
  });

  for (const state of ["PARTIAL", "FAILED"]) {
    it(`fails when the snapshot ends as ${state}`, async () => {
      fake.states = ["IN_PROGRESS", state];
      const { code, stderr } = await run();
      assert.equal(code, 1);
      assert.match(
        stderr,
        new RegExp(`Snapshot platform-1: expected the state SUCCESS, got ${state}`),
      );
    });
  }

  it("fails if it never ends, or if a node cannot reach the bucket", async () => {
    fake.states = ["IN_PROGRESS"];
    assert.match((await run()).stderr, /Snapshot platform-1 is not ready after 1 s/);
    fake.verified = { status: 500, body: { error: "repository_verification_exception" } };
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /repository_verification_exception/);
  });

  it("gives up immediately if the password is refused, and does not show it", async () => {
    const { code, stderr } = await run("wrong-password");
    assert.equal(code, 2);
    assert.match(stderr, /rejects the password of user elastic \(401\)/);
    assert.doesNotMatch(stderr, /wrong-password/);
  });
});

/** A stub with the subset of Nexus's task API that the script uses. */
class FakeNexus {
  task?: Named;
  result = "OK";
  constructor(private readonly folder: string) {}

  answer = ({ method, path, body }: RecordedRequest): Answer => {
    const call = `${method} ${path.replace("/service/rest/v1", "")}`;
    switch (call) {
      case "GET /tasks?type=h2.backup.task":
        return { status: 200, body: { items: this.task ? [this.task] : [] } };
      case "POST /tasks":
        this.task = { id: "1", currentState: "WAITING", ...(body as Named) };
        return { status: 201, body: this.task };
      case "GET /tasks/1":
        return { status: 200, body: this.task };
      case "POST /tasks/1/run":
        this.task = { ...this.task, lastRun: `${Date.now()}`, lastRunResult: this.result };
        if (this.result === "OK") {
          mkdirSync(this.folder, { recursive: true });
          writeFileSync(join(this.folder, `nexus-${Date.now()}.zip`), "dump");
        }
        return { status: 204 };
      default:
        return { status: 400, body: { error: call } };
    }
  };
}

describe("the script of Nexus's embedded database", () => {
  let folder: string;
  let fake: FakeNexus;
  let server: RecordingServer;
  beforeEach(async () => {
    folder = join(mkdtempSync(join(tmpdir(), "nexus-test-")), "backup");
    fake = new FakeNexus(folder);
    server = await startRecordingServer((request) => fake.answer(request));
  });
  afterEach(async () => {
    await server.close();
    rmSync(join(folder, ".."), { recursive: true });
  });

  const run = (how = runBootstrapHere) =>
    how(
      "backup/scripts/nexus-h2.mjs",
      { url: server.url, user: "admin", folder: { name: "backup", path: folder } },
      { password: "right" },
    );

  it("creates the task, runs it, and waits until the dump exists", async () => {
    const { code, stdout } = await run(runBootstrap);
    assert.equal(code, 0);
    assert.match(stdout, /Database dumped: nexus-\d+\.zip/);
    assert.deepEqual(fake.task?.["properties"], { location: "backup" });
    assert.deepEqual(fake.task?.["frequency"], { schedule: "manual" });
    assert.equal(server.requests[0]?.user?.name, "admin");
  });

  it("reuses the task, and leaves one dump", async () => {
    await run();
    const old = readdirSync(folder);
    const { code } = await run();
    assert.equal(code, 0);
    assert.equal(server.writes().filter((call) => call.endsWith("/tasks")).length, 1);
    const left = readdirSync(folder);
    assert.equal(left.length, 1);
    assert.notDeepEqual(left, old);
  });

  it("fails if the task does, so that nothing old is saved as new", async () => {
    fake.result = "FAILED";
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /platform-backup ended with FAILED/);
    assert.ok(!existsSync(folder));
  });
});
