import { createHash } from "node:crypto";
import { accessLogKind } from "./access-log";

/**
 * An object for Kibana to import. `version` is the one that its attributes are written for; Kibana migrates them to its
 * own (model versions of `search` and `dashboard` in Kibana's saved_search and dashboard plugins,
 * `src/platform/plugins/shared/*\/server/`).
 */
export interface SavedObject {
  type: "search" | "visualization" | "dashboard";
  id: string;
  attributes: Record<string, unknown>;
  references: { name: string; type: string; id: string }[];
  typeMigrationVersion: string;
  coreMigrationVersion: string;
}

/** Path of the search source in an object, for the reference to its data view. */
const indexReference = "kibanaSavedObjectMeta.searchSourceJSON.index";
const onlyAccess = `ltype: "${accessLogKind}"`;

/** A panel of the dashboard. */
interface Panel {
  id: string;
  title: string;
  /** Kind of Kibana's aggregation-based chart. */
  type: "histogram" | "table";
  aggregations: object[];
  /** Filter in addition to {@link onlyAccess}. */
  query?: string;
}

const count = { id: "1", type: "count", schema: "metric", enabled: true, params: {} };
const perTime = {
  id: "2",
  type: "date_histogram",
  schema: "segment",
  enabled: true,
  params: { field: "@timestamp", interval: "auto", min_doc_count: 1 },
};

/** Groups by the most frequent values of a field. */
function groups(id: string, schema: "group" | "bucket", field: string, size: number): object {
  const params = { field, size, order: "desc", orderBy: "1" };
  return { id, type: "terms", schema, enabled: true, params };
}

/** Response times in nanoseconds. */
const durations = {
  id: "4",
  type: "percentiles",
  schema: "metric",
  enabled: true,
  params: { field: "event.duration", percents: [50, 95, 99] },
};

const panels: Panel[] = [
  {
    id: "codes",
    title: "Requests by status code",
    type: "histogram",
    aggregations: [count, perTime, groups("3", "group", "http.response.status_code", 10)],
  },
  {
    id: "releases",
    title: "Requests by release: stable and canary",
    type: "histogram",
    aggregations: [count, perTime, groups("3", "group", "release", 2)],
  },
  {
    id: "apps",
    title: "Requests and their duration in nanoseconds, by app and release",
    type: "table",
    aggregations: [
      count,
      durations,
      groups("2", "bucket", "app", 50),
      groups("3", "bucket", "release", 2),
    ],
  },
  {
    id: "errors",
    title: "Server errors by host and path",
    type: "table",
    query: "http.response.status_code >= 500",
    aggregations: [
      count,
      groups("2", "bucket", "url.domain", 20),
      groups("3", "bucket", "url.path", 10),
    ],
  },
];

/** Columns of the request list. */
const columns = [
  "app",
  "release",
  "http.request.method",
  "url.path",
  "http.response.status_code",
  "event.duration",
  "client.address",
];

/**
 * Returns a list of the gateway's requests and a dashboard of them, over one data view.
 * @param dataView ID of the data view over every domain.
 */
export function accessDashboard(environment: string, dataView: string): SavedObject[] {
  const id = (name: string) => `${dataView}-access-${name}`;
  const source = (query: string) => ({
    searchSourceJSON: JSON.stringify({
      query: { language: "kuery", query },
      filter: [],
      indexRefName: indexReference,
    }),
  });
  const searched = [{ name: indexReference, type: "index-pattern", id: dataView }];
  const charts = panels.map(({ id: name, title, type, aggregations, query }) =>
    savedObject("visualization", id(name), searched, {
      title: `${title} (${environment})`,
      version: 1,
      uiStateJSON: "{}",
      visState: JSON.stringify({ title, type, params: { addLegend: true }, aggs: aggregations }),
      kibanaSavedObjectMeta: source(
        query === undefined ? onlyAccess : `${onlyAccess} and ${query}`,
      ),
    }),
  );
  const list = savedObject("search", id("list"), searched, {
    title: `Gateway requests (${environment})`,
    columns,
    sort: [["@timestamp", "desc"]],
    grid: {},
    hideChart: false,
    isTextBasedQuery: false,
    kibanaSavedObjectMeta: source(onlyAccess),
  });
  const shown = [...charts, list];
  const places = shown.map(({ type }, at) => {
    const i = String(at + 1);
    const gridData = { x: (at % 2) * 24, y: Math.floor(at / 2) * 15, w: 24, h: 15, i };
    const wide = at === shown.length - 1 && at % 2 === 0 ? { w: 48 } : {};
    return {
      type,
      panelIndex: i,
      panelRefName: `panel_${i}`,
      embeddableConfig: {},
      gridData: { ...gridData, ...wide },
    };
  });
  const references = shown.map(({ type, id: of }, at) => ({
    name: `${at + 1}:panel_${at + 1}`,
    type,
    id: of,
  }));
  const dashboard = savedObject("dashboard", id("dashboard"), references, {
    title: `Gateway requests (${environment})`,
    timeRestore: false,
    panelsJSON: JSON.stringify(places),
    optionsJSON: JSON.stringify({ useMargins: true, hidePanelTitles: false }),
    kibanaSavedObjectMeta: {
      searchSourceJSON: JSON.stringify({ query: { language: "kuery", query: "" }, filter: [] }),
    },
  });
  return [...shown, dashboard];
}

/**
 * Model version 1 of a dashboard and 5 of a search. Charts have no model versions yet, so theirs is a version of
 * Kibana.
 */
const versions = { search: "10.5.0", dashboard: "10.1.0", visualization: "8.5.0" };

/** The description ends with a hash of the rest, so that an unchanged object is not imported again. */
function savedObject(
  type: SavedObject["type"],
  id: string,
  references: SavedObject["references"],
  attributes: Record<string, unknown>,
): SavedObject {
  const hash = createHash("sha256")
    .update(JSON.stringify([references, attributes]))
    .digest("hex");
  const description = `Created by the platform, version ${hash.slice(0, 8)}`;
  return {
    type,
    id,
    attributes: { ...attributes, description },
    references,
    typeMigrationVersion: versions[type],
    coreMigrationVersion: "8.8.0",
  };
}
