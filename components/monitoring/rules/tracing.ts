import type { PartNamespace } from "./args";
import type { Alert, RuleGroup } from "./rule";
import { withoutReadyPods } from "./stateful-sets";

/** Alerts on the trace pipeline: the collectors and Tempo. */
export function tracing({ namespace }: PartNamespace, team: string): RuleGroup[] {
  return [
    { name: "collectors", rules: collectors(team) },
    { name: "tempo", rules: tempo(namespace, team) },
  ];
}

const byCollector = "sum by (namespace, app)";

function collectors(team: string): Alert[] {
  return [
    {
      alert: "CollectorRefusesSpans",
      expr: `${byCollector} (rate(otelcol_receiver_refused_spans[5m])) > 0`,
      for: "10m",
      severity: "warning",
      team,
      summary: "{{ $labels.app }} refuses spans",
      description:
        "{{ $labels.app }} in {{ $labels.namespace }} refuses {{ $value | humanize }} spans per second. Its memory is full; apps that do not retry lose them.",
    },
    {
      alert: "CollectorLosesSpans",
      expr: `${byCollector} (rate(otelcol_exporter_send_failed_spans[5m])) > 0 or ${byCollector} (rate(otelcol_exporter_enqueue_failed_spans[5m])) > 0`,
      for: "5m",
      severity: "warning",
      team,
      summary: "{{ $labels.app }} loses spans",
      description:
        "{{ $labels.app }} in {{ $labels.namespace }} loses {{ $value | humanize }} spans per second: the next hop is unavailable or refuses them, and its queue is full or its retries have ended.",
    },
    {
      alert: "CollectorQueueFilling",
      expr: "max by (namespace, pod) (otelcol_exporter_queue_size) / max by (namespace, pod) (otelcol_exporter_queue_capacity) > 0.5",
      for: "10m",
      severity: "warning",
      team,
      summary: "The queue of {{ $labels.pod }} is filling up",
      description:
        "{{ $value | humanizePercentage }} of the queue of {{ $labels.pod }} in {{ $labels.namespace }} is used. Spans are lost when it is full.",
    },
    {
      alert: "TracesDecidedTooEarly",
      expr: "sum by (namespace, pod) (rate(otelcol_processor_tail_sampling_sampling_trace_dropped_too_early[10m])) > 0",
      for: "10m",
      severity: "warning",
      team,
      summary: "{{ $labels.pod }} drops traces before it decides on them",
      description:
        "{{ $value | humanize }} traces per second are dropped by {{ $labels.pod }} before it decides on them. More traces begin per second than the config expects; errors among them are lost.",
    },
  ];
}

function tempo(namespace: string, team: string): Alert[] {
  return [
    {
      alert: "TempoDown",
      expr: withoutReadyPods({ namespace, prefix: "tempo" }),
      for: "5m",
      severity: "warning",
      team,
      summary: "Tempo is down",
      description:
        "No pod of {{ $labels.statefulset }} in {{ $labels.namespace }} is ready. Traces wait in the collectors for ten minutes, and are lost after that.",
    },
    {
      alert: "TempoDiscardsSpans",
      expr: "sum by (namespace, reason) (rate(tempo_discarded_spans_total[5m])) > 0",
      for: "10m",
      severity: "warning",
      team,
      summary: "Tempo discards spans: {{ $labels.reason }}",
      description:
        "Tempo discards {{ $value | humanize }} spans per second because of {{ $labels.reason }}. Their traces are incomplete.",
    },
    {
      alert: "TempoCannotStore",
      expr: "sum by (namespace, pod) (increase(tempo_ingester_failed_flushes_total[1h])) > 2 or sum by (namespace, pod) (increase(tempodb_compaction_errors_total[1h])) > 2",
      for: "5m",
      severity: "warning",
      team,
      summary: "Tempo cannot write its blocks",
      description:
        "{{ $value | humanize }} writes of blocks failed on {{ $labels.pod }} within an hour. Its volume may be full; traces are lost when it restarts.",
    },
  ];
}
