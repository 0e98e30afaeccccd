import { graph, type Dashboard } from "./build";

/** The cluster's DNS. */
export const dns: Dashboard = {
  uid: "platform-dns",
  title: "DNS",
  rows: [
    [
      graph("Requests", "reqps", [
        {
          expr: "sum by (pod) (rate(coredns_dns_requests_total[$__rate_interval]))",
          legend: "{{pod}}",
        },
      ]),
      graph("Responses by code", "reqps", [
        {
          expr: "sum by (rcode) (rate(coredns_dns_responses_total[$__rate_interval]))",
          legend: "{{rcode}}",
        },
      ]),
    ],
    [
      graph("Latency", "s", [
        {
          expr: "histogram_quantile(0.5, sum by (le) (rate(coredns_dns_request_duration_seconds_bucket[$__rate_interval])))",
          legend: "p50",
        },
        {
          expr: "histogram_quantile(0.99, sum by (le) (rate(coredns_dns_request_duration_seconds_bucket[$__rate_interval])))",
          legend: "p99",
        },
      ]),
      graph("Cache hits and misses", "cps", [
        {
          expr: "sum by (type) (rate(coredns_cache_hits_total[$__rate_interval]))",
          legend: "{{type}}",
        },
        { expr: "sum(rate(coredns_cache_misses_total[$__rate_interval]))", legend: "miss" },
      ]),
    ],
  ],
};
