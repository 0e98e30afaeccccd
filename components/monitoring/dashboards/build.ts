/** `uid` of the data source of every panel. The provisioned data source must have it. */
export const dataSourceUid = "prometheus";

/** One query of a panel. */
export interface Query {
  expr: string;
  /** Legend of each series, for example `{{pod}}`. */
  legend?: string;
}

/** Units in Grafana's notation. */
export type Unit =
  "short" | "percentunit" | "bytes" | "Bps" | "s" | "reqps" | "cores" | "cps" | "dateTimeFromNow";

/** A panel without its position. */
export interface Panel {
  type: "timeseries" | "stat" | "table";
  title: string;
  unit: Unit;
  queries: Query[];
  /** Values at which the panel turns orange and red. */
  thresholds?: { orange: number; red: number };
  /** Maximum of the axis. */
  max?: number;
}

/** A template variable of a dashboard; queries refer to it as `$<name>`. */
export interface Variable {
  name: string;
  /** The two arguments of `label_values(<series>, <label>)`. */
  series: string;
  label: string;
}

/** A dashboard as a list of rows of panels with the same width. */
export interface Dashboard {
  /** Part of the URL; it must never change. */
  uid: string;
  title: string;
  variables?: Variable[];
  rows: Panel[][];
}

/** A graph over time. */
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

/** A table of the current values, one row per series. */
export function table(title: string, unit: Unit, expr: string): Panel {
  return { type: "table", title, unit, queries: [{ expr }] };
}

const columns = 24;
const dataSource = { type: "prometheus", uid: dataSourceUid };

/** Returns the dashboard in Grafana's provisioning format. */
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
    panels: panelModels(rows),
  };
}

function panelModels(rows: Panel[][]): object[] {
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

/** Returns every query of a dashboard, with values for its variables. */
export function queriesOf({ variables = [], rows }: Dashboard): string[] {
  const panels = rows.flat().flatMap(({ queries }) => queries.map(({ expr }) => expr));
  return [...panels, ...variables.map(({ series }) => series)].map((expr) =>
    variables
      .reduce((text, { name }) => text.replaceAll(`$${name}`, "value"), expr)
      .replaceAll("$__rate_interval", "5m"),
  );
}
