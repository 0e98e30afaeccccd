// Configures Elasticsearch and Kibana for the log pipeline: lifecycle policy, index template, roles, users, a data stream
// and a data view for each domain, a dashboard of the gateway's requests. It reads first and writes only what differs, so
// the next run completes an interrupted one, and running it again changes nothing.
import { Blob } from "node:buffer";
import {
  Api,
  PermanentError,
  reportChange,
  covers,
  run,
  secret,
  settings,
  waitFor,
} from "../../shared/bootstrap/api.mjs";

await run(async () => {
  const wanted = settings();
  const administrator = { name: "elastic", password: secret("elastic") };
  if (wanted.elasticsearch !== undefined) await prepareElasticsearch(wanted, administrator);
  // Kibana starts only after that, because its user has no password before.
  if (wanted.kibana !== undefined) await prepareKibana(wanted, administrator);
});

async function prepareElasticsearch(
  { elasticsearch: url, objects, users, streams },
  administrator,
) {
  const elasticsearch = new Api(url, administrator);
  await waitFor("Elasticsearch", () => acceptsLogin(elasticsearch));
  for (const object of objects) await ensure(elasticsearch, object);
  for (const user of users) await ensureUser(url, elasticsearch, user);
  for (const stream of streams) await ensureStream(elasticsearch, stream);
}

async function prepareKibana({ kibana: url, dataViews, savedObjects }, administrator) {
  const kibana = new Api(url, administrator, { "kbn-xsrf": "bootstrap" });
  await waitFor("Kibana", async () => (await kibana.status("/api/status")) === 200);
  for (const view of dataViews) await ensureDataView(kibana, view);
  await ensureSavedObjects(kibana, savedObjects);
}

/** A rejected password is not retried: the cluster was created with another one. */
async function acceptsLogin(elasticsearch) {
  const status = await elasticsearch.status("/_security/_authenticate");
  if (status === 401 || status === 403) {
    throw new PermanentError(
      `Elasticsearch rejects the password of user elastic (${status}). It keeps the one of its first start. Put that ` +
        "one into the Secret, or set the new one with elasticsearch-reset-password, as docs/logging.md says.",
    );
  }
  return status === 200;
}

async function ensure(api, { path, body, found }) {
  const answer = await api.get(path);
  const present = found.reduce((value, key) => value?.[key], answer);
  if (covers(present, body)) return;
  await api.send("PUT", path, body);
  reportChange(`${path} ${present === undefined ? "created" : "changed"}`);
}

async function ensureUser(url, api, { name, roles }) {
  const password = secret(name);
  const login = await new Api(url, { name, password }).status("/_security/_authenticate");
  if (login !== 200 && login !== 401) {
    throw new Error(`The login of ${name} answered ${login}`);
  }
  const path = `/_security/user/${name}`;
  if (roles === undefined) {
    if (login === 200) return;
    await api.send("PUT", `${path}/_password`, { password });
  } else {
    const present = await api.get(path);
    if (login === 200 && covers(present?.[name], { roles, enabled: true })) return;
    await api.send("PUT", path, { password, roles, enabled: true });
  }
  reportChange(`User ${name} updated`);
}

async function ensureStream(api, stream) {
  const path = `/_data_stream/${stream}`;
  if ((await api.get(path)) !== undefined) return;
  await api.send("PUT", path);
  reportChange(`Data stream ${stream} created`);
}

async function ensureDataView(api, { id, name, title }) {
  const present = await api.get(`/api/data_views/data_view/${id}`);
  const wanted = { id, name, title, timeFieldName: "@timestamp" };
  if (covers(present?.data_view, wanted)) return;
  await api.send("POST", "/api/data_views/data_view", { data_view: wanted, override: true });
  reportChange(`Data view ${name} ${present === undefined ? "created" : "changed"}`);
}

/** Imports objects that are missing, or that another version of the platform created. Until then, users' edits are kept. */
async function ensureSavedObjects(api, objects) {
  const wanted = [];
  for (const object of objects) {
    const { type, id, attributes } = object;
    // The API that reads one object is deprecated; the export answers 400 for a missing object.
    const query = { objects: [{ type, id }], excludeExportDetails: true };
    const present = await api.send("POST", "/api/saved_objects/_export", query, [400]);
    if (present?.attributes?.description !== attributes.description) wanted.push(object);
  }
  if (wanted.length === 0) return;
  const form = new globalThis.FormData();
  const lines = wanted.map((object) => JSON.stringify(object)).join("\n");
  form.append("file", new Blob([lines]), "access.ndjson");
  const answer = await api.send("POST", "/api/saved_objects/_import?overwrite=true", form);
  if (answer?.success !== true) {
    throw new Error(
      `Kibana rejects objects: ${JSON.stringify(answer?.errors ?? answer).slice(0, 500)}`,
    );
  }
  for (const { type, attributes } of wanted)
    reportChange(`Kibana's ${type} "${attributes.title}" imported`);
}
