/** `uid` of the data source that every panel asks; the data source has to be provisioned with it. */
export const dataSourceUid = "prometheus";

/** One query of a panel. */
export interface Query {
  expr: string;
  /** Name of each series, for example `{{pod}}`. */
  legend?: string;
}

/** Units as Grafana calls them. */
export type Unit =
  "short" | "percentunit" | "bytes" | "Bps" | "s" | "reqps" | "cores" | "cps" | "dateTimeFromNow";

/** One panel, before it has a place. */
export interface Panel {
  type: "timeseries" | "stat" | "table";
  title: string;
  unit: Unit;
  queries: Query[];
  /** Values from which it turns orange and red. */
  thresholds?: { orange: number; red: number };
  /** Highest value of the axis. */
  max?: number;
}

/** A choice above the dashboard; queries name it as `$<name>`. */
export interface Variable {
  name: string;
  /** `label_values(<series>, <label>)`, of which these are the two. */
  series: string;
  label: string;
}

/** A dashboard as a list of rows, each of panels of the same width. */
export interface Dashboard {
  /** Part of its URL: never changes. */
  uid: string;
  title: string;
  variables?: Variable[];
  rows: Panel[][];
}

/** A curve over time. */
export function graph(
  title: string,
  unit: Unit,
  queries: Query[],
  options: Pick<Panel, "max" | "thresholds"> = {},
): Panel {
  return { type: "timeseries", title, unit, queries, ...options };
}

/** One number. */
export function stat(
  title: string,
  unit: Unit,
  expr: string,
  thresholds?: Panel["thresholds"],
): Panel {
  return { type: "stat", title, unit, queries: [{ expr }], thresholds };
}

/** The present values, one row for each series. */
export function table(title: string, unit: Unit, expr: string): Panel {
  return { type: "table", title, unit, queries: [{ expr }] };
}

const columns = 24;
const dataSource = { type: "prometheus", uid: dataSourceUid };

/** The dashboard as Grafana provisions it. */
export function dashboardModel({ uid, title, variables = [], rows }: Dashboard): object {
  return {
    uid,
    title,
    tags: ["platform"],
    schemaVersion: 41,
    editable: false,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    timezone: "browser",
    templating: { list: variables.map(variableModel) },
    panels: placed(rows),
  };
}

function placed(rows: Panel[][]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    const h = row.every(({ type }) => type === "stat") ? 4 : 8;
    const w = Math.floor(columns / row.length);
    row.forEach((panel, index) => {
      const gridPos = { x: index * w, y, w, h };
      panels.push({ id: panels.length + 1, gridPos, ...panelModel(panel) });
    });
    y += h;
  }
  return panels;
}

function panelModel({ type, title, unit, queries, thresholds, max }: Panel): object {
  const instant = type !== "timeseries";
  return {
    type,
    title,
    datasource: dataSource,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource: dataSource,
      expr,
      instant,
      range: !instant,
      format: type === "table" ? "table" : "time_series",
      legendFormat: legend ?? "__auto",
    })),
    fieldConfig: {
      defaults: { unit, ...(max === undefined ? {} : { max }), ...thresholdModel(thresholds) },
      overrides: [],
    },
    options:
      type === "stat" ? { colorMode: "value", reduceOptions: { calcs: ["lastNotNull"] } } : {},
  };
}

function thresholdModel(thresholds: Panel["thresholds"]): object {
  if (thresholds === undefined) return {};
  const steps = [
    { color: "green", value: null },
    { color: "orange", value: thresholds.orange },
    { color: "red", value: thresholds.red },
  ];
  return { thresholds: { mode: "absolute", steps } };
}

function variableModel({ name, series, label }: Variable): object {
  const query = `label_values(${series}, ${label})`;
  return {
    name,
    type: "query",
    datasource: dataSource,
    definition: query,
    query: { query, refId: `variable-${name}` },
    refresh: 2,
    sort: 1,
    includeAll: false,
    multi: false,
  };
}

/** Every query of a dashboard, with values in the places of its variables. */
export function queriesOf({ variables = [], rows }: Dashboard): string[] {
  const panels = rows.flat().flatMap(({ queries }) => queries.map(({ expr }) => expr));
  return [...panels, ...variables.map(({ series }) => series)].map((expr) =>
    variables
      .reduce((text, { name }) => text.replaceAll(`$${name}`, "value"), expr)
      .replaceAll("$__rate_interval", "5m"),
  );
}
