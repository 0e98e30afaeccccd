import assert from "node:assert/strict";
import type { SavedObject } from "../../../../components/logging/access-dashboard";
import { kibanaJob } from "../../../../components/logging/bootstrap-settings";
import {
  startRecordingServer,
  runBootstrapHere,
  type RecordingServer,
} from "../../../support/bootstrap";
import { bootstrap, script, settings } from "./bootstrap";
import { passwords, SimulatedServers } from "./simulated-servers";

describe("the bootstrap of the dashboard of the gateway's requests", () => {
  let fake: SimulatedServers;
  let server: RecordingServer;
  beforeEach(async () => {
    fake = new SimulatedServers();
    server = await startRecordingServer(fake.answer);
  });
  afterEach(() => server.close());

  const dashboard = "dashboard/applogs-online-access-dashboard";

  it("imports it with its charts, its list and their data view", async () => {
    await bootstrap(server);
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

  it("imports only missing or outdated objects, and keeps people's edits", async () => {
    await bootstrap(server);
    const former = fake.stored.get(dashboard) as SavedObject;
    const edited = { ...former.attributes, panelsJSON: "[]" };
    fake.stored.set(dashboard, { ...former, attributes: edited });
    await bootstrap(server);
    assert.deepEqual(server.writes(), []);
    fake.stored.set(dashboard, { ...former, attributes: { ...edited, description: "older" } });
    await bootstrap(server);
    assert.deepEqual(server.writes(), ["POST /api/saved_objects/_import?overwrite=true"]);
    assert.deepEqual((fake.stored.get(dashboard) as SavedObject).attributes, former.attributes);
  });

  it("fails if Kibana refuses an object, although it answers 200", async () => {
    const wanted = settings().savedObjects.map((object) => ({ ...object, references: [] }));
    const [first] = wanted;
    Object.assign(first?.attributes ?? {}, { colour: "red" });
    const { code, stderr } = await runBootstrapHere(
      script,
      kibanaJob(server.url, { ...settings(), savedObjects: wanted }),
      passwords,
    );
    assert.equal(code, 1);
    assert.match(stderr, /Kibana rejects objects: .*attribute colour/);
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
