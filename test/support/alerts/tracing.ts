import { critical, platform, warning, type AlertCase, type Series } from "./case";

const namespace = "tracing";
const collector = (metric: string, values: string, pod = "otel-gateway-1"): Series => ({
  [`otelcol_${metric}{namespace="${namespace}",pod="${pod}",app="otel-gateway"}`]: values,
});
const tempo = (metric: string, values: string): Series => ({
  [`${metric}{namespace="${namespace}",pod="tempo-0",reason="rate_limited"}`]: values,
});
const tempoReady = (ready: number): Series => ({
  [`kube_statefulset_status_replicas_ready{namespace="${namespace}",statefulset="tempo"}`]: `${ready}x60`,
});
const app = { ...platform, ...warning, namespace, app: "otel-gateway" };
const pod = { ...platform, ...warning, namespace, pod: "otel-gateway-1" };

/** Alerts on the trace pipeline. */
export const tracing: AlertCase[] = [
  {
    alert: "CollectorRefusesSpans",
    fires: [{ series: collector("receiver_refused_spans", "0+60x60"), at: "30m", labels: [app] }],
    // It refused some spans earlier.
    quiet: [{ series: collector("receiver_refused_spans", "60x60"), at: "30m" }],
  },
  {
    alert: "CollectorLosesSpans",
    fires: ["exporter_send_failed_spans", "exporter_enqueue_failed_spans"].map((metric) => ({
      series: collector(metric, "0+60x60"),
      at: "30m",
      labels: [app],
    })),
    quiet: [{ series: collector("exporter_send_failed_spans", "60x60"), at: "30m" }],
  },
  {
    alert: "CollectorQueueFilling",
    fires: [
      {
        series: {
          ...collector("exporter_queue_size", "4000x60"),
          ...collector("exporter_queue_capacity", "5000x60"),
        },
        at: "30m",
        labels: [pod],
      },
    ],
    quiet: [
      {
        series: {
          ...collector("exporter_queue_size", "100x60"),
          ...collector("exporter_queue_capacity", "5000x60"),
        },
        at: "30m",
      },
    ],
  },
  {
    alert: "TracesDecidedTooEarly",
    fires: [
      {
        series: collector("processor_tail_sampling_sampling_trace_dropped_too_early", "0+60x60"),
        at: "30m",
        labels: [pod],
      },
    ],
    quiet: [
      {
        series: collector("processor_tail_sampling_sampling_trace_dropped_too_early", "0x60"),
        at: "30m",
      },
    ],
  },
  {
    alert: "TempoDown",
    fires: [
      {
        series: tempoReady(0),
        at: "10m",
        labels: [{ ...platform, ...warning, namespace, statefulset: "tempo" }],
      },
    ],
    quiet: [{ series: tempoReady(1), at: "10m" }],
  },
  {
    alert: "TempoDiscardsSpans",
    fires: [
      {
        series: tempo("tempo_discarded_spans_total", "0+60x60"),
        at: "30m",
        labels: [{ ...platform, ...warning, namespace, reason: "rate_limited" }],
      },
    ],
    quiet: [{ series: tempo("tempo_discarded_spans_total", "60x60"), at: "30m" }],
  },
  {
    alert: "TempoCannotStore",
    fires: ["tempo_ingester_failed_flushes_total", "tempodb_compaction_errors_total"].map(
      (metric) => ({
        series: tempo(metric, "0+1x60"),
        at: "50m",
        labels: [{ ...platform, ...warning, namespace, pod: "tempo-0" }],
      }),
    ),
    quiet: [{ series: tempo("tempo_ingester_failed_flushes_total", "1x60"), at: "50m" }],
  },
];

const responses = (rcode: string, perMinute: number): Series => ({
  [`coredns_dns_responses_total{pod="coredns-1",rcode="${rcode}"}`]: `0+${perMinute}x60`,
});
const duration = (seconds: number): Series =>
  Object.fromEntries(
    ["0.1", "1", "2", "4", "+Inf"].map((le) => [
      `coredns_dns_request_duration_seconds_bucket{pod="coredns-1",le="${le}"}`,
      `0+${le === "+Inf" || Number(le) >= seconds ? 60 : 0}x60`,
    ]),
  );
const up = (...values: number[]): Series =>
  Object.fromEntries(
    values.map((value, index) => [`up{job="coredns",pod="coredns-${index}"}`, `${value}x60`]),
  );

/** Alerts on the cluster's DNS. */
export const dns: AlertCase[] = [
  {
    alert: "DnsDown",
    fires: [{ series: up(0, 0), at: "5m", labels: [{ ...platform, ...critical }] }],
    quiet: [{ series: up(0, 1), at: "5m" }],
  },
  {
    alert: "DnsErrors",
    fires: [
      {
        series: { ...responses("NOERROR", 90), ...responses("SERVFAIL", 10) },
        at: "30m",
        labels: [{ ...platform, ...critical }],
      },
    ],
    quiet: [
      {
        series: {
          ...responses("NOERROR", 99),
          ...responses("SERVFAIL", 1),
          ...responses("NXDOMAIN", 50),
        },
        at: "30m",
      },
    ],
  },
  {
    alert: "DnsSlow",
    fires: [{ series: duration(2), at: "30m", labels: [{ ...platform, ...warning }] }],
    quiet: [{ series: duration(0.1), at: "30m" }],
  },
];
