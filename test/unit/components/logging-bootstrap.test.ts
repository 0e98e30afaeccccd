import assert from "node:assert/strict";
import type { SavedObject } from "../../../components/logging/access-dashboard";
import { bootstrapSettings } from "../../../components/logging/bootstrap-settings";
import { loggingSize } from "../../../components/logging/sizing";
import {
  recordingServer,
  runBootstrap,
  type Answer,
  type RecordedRequest,
  type RecordingServer,
} from "../../support/bootstrap";

const passwords = {
  elastic: "Elastic0",
  kibana_system: "Kibana0",
  logstash: "Logstash0",
  exporter: "Exporter0",
};

/**
 * Attributes of saved objects in Kibana. From its source: `schema_legacy.ts` of the plugin saved_search (model version
 * 5), `schema/v1/v1.ts` of the plugin dashboard, and the mappings and schema in `visualization.ts` of the plugin
 * visualizations.
 */
const kibanaAttributes: Record<SavedObject["type"], string[]> = {
  search: [
    ...["title", "description", "columns", "sort", "grid", "rowHeight", "rowsPerPage", "hideChart"],
    ...["breakdownField", "kibanaSavedObjectMeta", "isTextBasedQuery", "usesAdHocDataView"],
    ...["timeRestore", "timeRange", "refreshInterval", "viewMode", "hideAggregatedPreview"],
  ],
  dashboard: [
    ...["title", "description", "kibanaSavedObjectMeta", "timeRestore", "timeFrom", "timeTo"],
    ...["refreshInterval", "controlGroupInput", "panelsJSON", "optionsJSON"],
  ],
  visualization: [
    ...["title", "description", "kibanaSavedObjectMeta", "savedSearchRefName", "uiStateJSON"],
    ...["version", "visState"],
  ],
};

/** Stubs with the subset of both servers' APIs that the script uses, and their state in memory. */
class FakeServers {
  /** Stored objects by path. */
  stored = new Map<string, unknown>();
  passwords: Record<string, string> = { elastic: passwords.elastic, kibana_system: "unset" };
  /** Request that fails once. */
  failOnce?: RegExp;
  kibanaStatus = 200;

  answer = (request: RecordedRequest): Answer => {
    const { method, path, user, body } = request;
    if (this.failOnce?.test(`${method} ${path}`)) {
      this.failOnce = undefined;
      return { status: 503, body: { error: "no master" } };
    }
    if (path === "/api/status") return { status: this.kibanaStatus };
    if (user === undefined || this.passwords[user.name] !== user.password) return { status: 401 };
    if (path === "/_security/_authenticate") return { status: 200, body: { username: user.name } };
    if (user.name !== "elastic") return { status: 403 };
    if (method === "GET") {
      const found = this.stored.get(path);
      return found === undefined ? { status: 404, body: {} } : { status: 200, body: found };
    }
    if (path === "/api/saved_objects/_export") {
      const { objects } = body as { objects: { type: string; id: string }[] };
      const found = this.stored.get(`${objects[0]?.type}/${objects[0]?.id}`);
      const answer = { statusCode: 400, error: "Bad Request" };
      return found === undefined ? { status: 400, body: answer } : { status: 200, body: found };
    }
    if (path.startsWith("/api/saved_objects/_import")) return this.import(String(body));
    this.store(path, body as Record<string, unknown>);
    return { status: 200, body: { acknowledged: true } };
  };

  /** Like an import into Kibana: status 200 even after failures, with an error for each object. */
  private import(form: string): Answer {
    const objects = form
      .split(/\r?\n/)
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as SavedObject);
    const known = (type: string, id: string) =>
      objects.some((it) => it.type === type && it.id === id) ||
      this.stored.has(`${type}/${id}`) ||
      (type === "index-pattern" && this.stored.has(`/api/data_views/data_view/${id}`));
    const errors = objects.flatMap(({ type, id, attributes, references }) => [
      ...references.filter((it) => !known(it.type, it.id)).map(() => ({ id, type: "missing" })),
      ...Object.keys(attributes)
        .filter((key) => !kibanaAttributes[type].includes(key))
        .map((key) => ({ id, type: `attribute ${key}` })),
    ]);
    if (errors.length > 0) return { status: 200, body: { success: false, errors } };
    for (const object of objects) {
      this.stored.set(`${object.type}/${object.id}`, { ...object, version: "WzEsMV0=" });
    }
    return { status: 200, body: { success: true, successCount: objects.length } };
  }

  /** Stores a body in the format in which the server returns it. */
  private store(path: string, body: Record<string, unknown>): void {
    const [, , second, third, fourth] = path.split("/");
    if (path.startsWith("/_security/user/")) {
      this.passwords[third ?? ""] = String(body["password"]);
      if (fourth !== "_password") {
        const { roles, enabled } = body;
        this.stored.set(path, { [third ?? ""]: { username: third, roles, enabled, metadata: {} } });
      }
    } else if (path.startsWith("/_security/role/")) {
      this.stored.set(path, { [third ?? ""]: { ...body, applications: [], run_as: [] } });
    } else if (path.startsWith("/_ilm/policy/")) {
      this.stored.set(path, { [third ?? ""]: { version: 1, ...body } });
    } else if (path.startsWith("/_index_template/")) {
      const template = { ...body, composed_of: [] };
      this.stored.set(path, { index_templates: [{ name: second, index_template: template }] });
    } else if (path === "/api/data_views/data_view") {
      const view = body["data_view"] as { id: string };
      this.stored.set(`${path}/${view.id}`, { data_view: { ...view, version: "1" } });
    } else {
      this.stored.set(path, { data_streams: [{}] });
    }
  }
}

describe("the bootstrap of Elasticsearch and Kibana", () => {
  let fake: FakeServers;
  let server: RecordingServer;
  beforeEach(async () => {
    fake = new FakeServers();
    server = await recordingServer(fake.answer);
  });
  afterEach(() => server.close());

  const { elasticsearch: size } = loggingSize({
    linesPerDay: 1e6,
    bytesPerLine: 500,
    peakFactor: 3,
    retentionDays: 10,
    bufferHours: 24,
    domains: 2,
    highlyAvailable: true,
  });
  function settings(change: { domains?: string[]; retentionDays?: number } = {}) {
    return bootstrapSettings({
      environment: "online",
      domains: ["shop.example.com", "news.example.com"],
      retentionDays: 10,
      size,
      ...change,
    });
  }
  const script = "logging/bootstrap/logging.mjs";
  async function run(change: Parameters<typeof settings>[0] = {}) {
    server.requests.length = 0;
    const servers = { elasticsearch: server.url, kibana: server.url };
    return runBootstrap(script, { ...servers, ...settings(change) }, passwords);
  }

  const everything = [
    "PUT /_ilm/policy/applogs",
    "PUT /_index_template/applogs-online",
    "PUT /_security/role/logstash_writer",
    "PUT /_security/role/monitoring_reader",
    "PUT /_security/user/kibana_system/_password",
    "PUT /_security/user/logstash",
    "PUT /_security/user/exporter",
    "PUT /_data_stream/applogs-online-news.example.com",
    "PUT /_data_stream/applogs-online-platform",
    "PUT /_data_stream/applogs-online-shop.example.com",
    "POST /api/data_views/data_view",
    "POST /api/data_views/data_view",
    "POST /api/data_views/data_view",
    "POST /api/data_views/data_view",
    "POST /api/saved_objects/_import?overwrite=true",
  ];

  it("makes everything at first, the template before the streams that need it", async () => {
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(server.writes(), everything);
    assert.equal(fake.passwords["kibana_system"], passwords.kibana_system);
    const view = "/api/data_views/data_view/applogs-online-shop.example.com";
    assert.deepEqual(fake.stored.get(view), {
      data_view: {
        id: "applogs-online-shop.example.com",
        name: "shop.example.com (online)",
        title: "applogs-online-shop.example.com",
        timeFieldName: "@timestamp",
        version: "1",
      },
    });
  });

  it("changes nothing the second time", async () => {
    await run();
    const { code, stdout } = await run();
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), []);
    assert.match(stdout, /Nothing to change/);
  });

  it("finishes what a failed run began, and does nothing twice", async () => {
    fake.failOnce = /PUT \/_security\/user\/logstash/;
    const failed = await run();
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /PUT \/_security\/user\/logstash answered 503/);
    const done = server.writes().length;
    const { code } = await run();
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), everything.slice(done - 1));
  });

  it("gives up at once on a wrong password, changes nothing and never prints it", async () => {
    fake.passwords["elastic"] = "another";
    const { code, stdout, stderr } = await run();
    assert.equal(code, 2);
    assert.match(stderr, /refuses the password of user elastic \(401\)/);
    assert.deepEqual(
      server.requests.map(({ method, path }) => `${method} ${path}`),
      ["GET /_security/_authenticate"],
    );
    assert.doesNotMatch(stdout + stderr, new RegExp(passwords.elastic));
  });

  it("adds a domain, and leaves the others alone", async () => {
    await run();
    await run({ domains: ["shop.example.com", "news.example.com", "a.example.com"] });
    assert.deepEqual(server.writes(), [
      "PUT /_data_stream/applogs-online-a.example.com",
      "POST /api/data_views/data_view",
    ]);
  });

  it("changes how long lines are kept", async () => {
    await run();
    await run({ retentionDays: 20 });
    assert.deepEqual(server.writes(), ["PUT /_ilm/policy/applogs"]);
  });

  it("sets a password again that somebody changed by hand, and a role that was taken away", async () => {
    await run();
    fake.passwords["logstash"] = "by hand";
    const user = { username: "exporter", roles: [], enabled: true };
    fake.stored.set("/_security/user/exporter", { exporter: user });
    await run();
    assert.deepEqual(server.writes(), [
      "PUT /_security/user/logstash",
      "PUT /_security/user/exporter",
    ]);
    assert.equal(fake.passwords["logstash"], passwords.logstash);
  });

  it("waits for Kibana only so long, after Elasticsearch is done", async () => {
    fake.kibanaStatus = 503;
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /Kibana is not ready after 1 s/);
    assert.deepEqual(server.writes(), everything.slice(0, 10));
  });

  it("keeps lines for ten days, and makes an index a day", () => {
    const [policy, template] = settings().objects;
    assert.deepEqual(policy?.body, {
      policy: {
        phases: {
          hot: {
            min_age: "0ms",
            actions: { rollover: { max_age: "1d", max_primary_shard_size: "50gb" } },
          },
          delete: { min_age: "10d", actions: { delete: { delete_searchable_snapshot: true } } },
        },
      },
    });
    const body = template?.body as {
      index_patterns: string[];
      priority: number;
      template: { settings: { index: object } };
    };
    assert.deepEqual(body.index_patterns, ["applogs-online-*"]);
    assert.ok(body.priority > 100, "Elasticsearch's own templates would win");
    assert.deepEqual(body.template.settings.index, {
      lifecycle: { name: "applogs" },
      number_of_shards: "1",
      number_of_replicas: "1",
      codec: "best_compression",
      refresh_interval: "30s",
    });
  });

  it("gives no user more than it needs", () => {
    const roles = settings().objects.slice(2);
    assert.deepEqual(
      roles.map(({ body }) => body),
      [
        {
          cluster: ["monitor"],
          indices: [{ names: ["applogs-online-*"], privileges: ["create_doc", "auto_configure"] }],
        },
        {
          cluster: ["monitor"],
          indices: [{ names: ["*"], privileges: ["monitor", "view_index_metadata"] }],
        },
      ],
    );
  });

  describe("of the dashboard of the gateway's requests", () => {
    const dashboard = "dashboard/applogs-online-access-dashboard";

    it("imports it with its charts, its list and their data view", async () => {
      await run();
      const kept = [...fake.stored.keys()].filter((key) =>
        /^(search|visualization|dashboard)/.test(key),
      );
      assert.equal(kept.length, settings().savedObjects.length);
      const { attributes, references } = fake.stored.get(dashboard) as SavedObject;
      const shown = JSON.parse(String(attributes["panelsJSON"])) as {
        panelIndex: string;
        panelRefName: string;
      }[];
      assert.deepEqual(
        shown.map(({ panelIndex, panelRefName }) => `${panelIndex}:${panelRefName}`),
        references.map(({ name }) => name),
      );
    });

    it("imports only what is missing or of another version, and leaves people's edits", async () => {
      await run();
      const former = fake.stored.get(dashboard) as SavedObject;
      const edited = { ...former.attributes, panelsJSON: "[]" };
      fake.stored.set(dashboard, { ...former, attributes: edited });
      await run();
      assert.deepEqual(server.writes(), []);
      fake.stored.set(dashboard, { ...former, attributes: { ...edited, description: "older" } });
      await run();
      assert.deepEqual(server.writes(), ["POST /api/saved_objects/_import?overwrite=true"]);
      assert.deepEqual((fake.stored.get(dashboard) as SavedObject).attributes, former.attributes);
    });

    it("fails where Kibana refuses an object, although it answers 200", async () => {
      const wanted = settings().savedObjects.map((object) => ({ ...object, references: [] }));
      const [first] = wanted;
      Object.assign(first?.attributes ?? {}, { colour: "red" });
      const { code, stderr } = await runBootstrap(
        script,
        { kibana: server.url, ...settings(), savedObjects: wanted },
        passwords,
      );
      assert.equal(code, 1);
      assert.match(stderr, /Kibana refuses objects: .*attribute colour/);
    });

    it("groups by fields that the index has", () => {
      const [, template] = settings().objects;
      const { properties } = (
        template?.body as { template: { mappings: { properties: Record<string, object> } } }
      ).template.mappings;
      const typeOf = (field: string) =>
        field
          .split(".")
          .reduce<unknown>(
            (at, part) => (at as { properties: Record<string, unknown> }).properties[part],
            { properties },
          ) as { type: string } | undefined;
      for (const { type, attributes } of settings().savedObjects) {
        const state = String(attributes["visState"] ?? "{}");
        const fields = [...state.matchAll(/"field":"([^"]+)"/g)].map(([, field = ""]) => field);
        const columns = (attributes["columns"] as string[] | undefined) ?? [];
        assert.ok(type === "dashboard" || fields.length + columns.length > 0);
        for (const field of [...fields, ...columns]) {
          assert.match(String(typeOf(field)?.type), /^(keyword|long|date|boolean)$/, field);
        }
      }
    });
  });
});
