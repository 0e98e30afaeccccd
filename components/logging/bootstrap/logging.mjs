// Brings about what the log pipeline needs inside of Elasticsearch and Kibana: life cycle, template,
// roles, users, a data stream and a data view for each domain, a dashboard of the gateway's requests. It looks first and writes only what
// differs, so a run that was cut off is finished by the next, and a run too many changes nothing.
import { Blob } from "node:buffer";
import {
  Api,
  Hopeless,
  changed,
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
  // Kibana starts only after that: it had no password before.
  if (wanted.kibana !== undefined) await prepareKibana(wanted, administrator);
});

async function prepareElasticsearch(
  { elasticsearch: url, objects, users, streams },
  administrator,
) {
  const elasticsearch = new Api(url, administrator);
  await waitFor("Elasticsearch", () => answers(elasticsearch));
  for (const object of objects) await bring(elasticsearch, object);
  for (const user of users) await bringUser(url, elasticsearch, user);
  for (const stream of streams) await bringStream(elasticsearch, stream);
}

async function prepareKibana({ kibana: url, dataViews, savedObjects }, administrator) {
  const kibana = new Api(url, administrator, { "kbn-xsrf": "bootstrap" });
  await waitFor("Kibana", async () => (await kibana.status("/api/status")) === 200);
  for (const view of dataViews) await bringDataView(kibana, view);
  await bringSavedObjects(kibana, savedObjects);
}

/** A refused password will be refused next time too: the cluster was made with another one. */
async function answers(elasticsearch) {
  const status = await elasticsearch.status("/_security/_authenticate");
  if (status === 401 || status === 403) {
    throw new Hopeless(
      `Elasticsearch refuses the password of user elastic (${status}). It keeps the one that it was ` +
        "first started with; set that one, or the new one by elasticsearch-reset-password, as docs/logging.md says.",
    );
  }
  return status === 200;
}

async function bring(api, { path, body, found }) {
  const answer = await api.get(path);
  const present = found.reduce((value, key) => value?.[key], answer);
  if (covers(present, body)) return;
  await api.send("PUT", path, body);
  changed(`${path} ${present === undefined ? "made" : "changed"}`);
}

async function bringUser(url, api, { name, roles }) {
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
  changed(`User ${name} set`);
}

async function bringStream(api, stream) {
  const path = `/_data_stream/${stream}`;
  if ((await api.get(path)) !== undefined) return;
  await api.send("PUT", path);
  changed(`Data stream ${stream} made`);
}

async function bringDataView(api, { id, name, title }) {
  const present = await api.get(`/api/data_views/data_view/${id}`);
  const wanted = { id, name, title, timeFieldName: "@timestamp" };
  if (covers(present?.data_view, wanted)) return;
  await api.send("POST", "/api/data_views/data_view", { data_view: wanted, override: true });
  changed(`Data view ${name} ${present === undefined ? "made" : "changed"}`);
}

/** Imports what is not there, or was made by another version of the platform. People's own edits stay until then. */
async function bringSavedObjects(api, objects) {
  const wanted = [];
  for (const object of objects) {
    const { type, id, attributes } = object;
    // A deprecated API reads one object; the export answers 400 for one that is not there.
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
      `Kibana refuses objects: ${JSON.stringify(answer?.errors ?? answer).slice(0, 500)}`,
    );
  }
  for (const { type, attributes } of wanted) changed(`Kibana's ${type} "${attributes.title}" set`);
}
