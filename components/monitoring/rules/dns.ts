import type { RuleGroup } from "./rule";

/** Alerts on the cluster's DNS, without which no Service name resolves. */
export function dns(team: string): RuleGroup {
  const failed = 'sum(rate(coredns_dns_responses_total{rcode="SERVFAIL"}[5m]))';
  return {
    name: "dns",
    rules: [
      {
        alert: "DnsDown",
        expr: 'max(up{job="coredns"}) == 0',
        for: "2m",
        severity: "critical",
        team,
        summary: "CoreDNS is down",
        description:
          "Prometheus cannot reach any pod of CoreDNS. New connections by name fail in the whole cluster.",
      },
      {
        alert: "DnsErrors",
        expr: `${failed} / sum(rate(coredns_dns_responses_total[5m])) > 0.03`,
        for: "10m",
        severity: "critical",
        team,
        summary: "CoreDNS answers with errors",
        description:
          "{{ $value | humanizePercentage }} of the answers of CoreDNS are SERVFAIL. Its upstream servers for external names are unavailable, or it cannot read Services from the API server.",
      },
      {
        alert: "DnsSlow",
        expr: "histogram_quantile(0.99, sum by (le) (rate(coredns_dns_request_duration_seconds_bucket[5m]))) > 1",
        for: "10m",
        severity: "warning",
        team,
        summary: "CoreDNS answers slowly",
        description:
          "One answer in a hundred of CoreDNS takes {{ $value | humanizeDuration }} or more. Connections by name wait for it.",
      },
    ],
  };
}
