import { graph, stat, type Dashboard } from "./build";

const byCollector = (metric: string) => [
  { expr: `sum by (app) (rate(${metric}[$__rate_interval]))`, legend: "{{app}}" },
];

/** The trace pipeline: agents, sampling collectors, Tempo. */
export const tracing: Dashboard = {
  uid: "platform-tracing",
  title: "Tracing",
  rows: [
    [
      stat("Spans refused", "cps", "sum(rate(otelcol_receiver_refused_spans[5m])) or vector(0)", {
        orange: 1,
        red: 100,
      }),
      stat(
        "Spans lost in transit",
        "cps",
        "sum(rate(otelcol_exporter_send_failed_spans[5m])) or vector(0)",
        { orange: 1, red: 100 },
      ),
      stat(
        "Spans discarded by Tempo",
        "cps",
        "sum(rate(tempo_discarded_spans_total[5m])) or vector(0)",
        {
          orange: 1,
          red: 100,
        },
      ),
      stat(
        "Pending traces",
        "short",
        "sum(otelcol_processor_tail_sampling_sampling_traces_on_memory)",
      ),
    ],
    [
      graph("Spans in", "cps", byCollector("otelcol_receiver_accepted_spans")),
      graph("Spans out", "cps", byCollector("otelcol_exporter_sent_spans")),
    ],
    [
      graph(
        "Queue used",
        "percentunit",
        [
          {
            expr: "max by (pod) (otelcol_exporter_queue_size) / max by (pod) (otelcol_exporter_queue_capacity)",
            legend: "{{pod}}",
          },
        ],
        { max: 1, thresholds: { orange: 0.5, red: 0.8 } },
      ),
      graph("Traces dropped before the sampling decision", "cps", [
        {
          expr: "sum by (pod) (rate(otelcol_processor_tail_sampling_sampling_trace_dropped_too_early[$__rate_interval]))",
          legend: "{{pod}}",
        },
      ]),
    ],
    [
      graph("Spans received by Tempo", "cps", [
        {
          expr: "sum by (pod) (rate(tempo_distributor_spans_received_total[$__rate_interval]))",
          legend: "{{pod}}",
        },
      ]),
      graph("Tempo blocks", "short", [
        { expr: "max by (pod) (tempodb_blocklist_length)", legend: "{{pod}}" },
      ]),
    ],
  ],
};
