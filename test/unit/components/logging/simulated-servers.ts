import type { SavedObject } from "../../../../components/logging/access-dashboard";
import { type Answer, type RecordedRequest } from "../../../support/bootstrap";

export const passwords = {
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
export class SimulatedServers {
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
