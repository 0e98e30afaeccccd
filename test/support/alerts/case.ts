import type { RuleArgs } from "../../../components/monitoring/rules/args";

/** Series by their name and labels; the values of one minute after the other in promtool's notation. */
export type Series = Record<string, string>;

/** What is measured at a time. */
export interface Situation {
  series: Series;
  /** Time after the first value, for example `30m`. */
  at: string;
}

/** When an alert fires and when it does not. */
export interface AlertCase {
  alert: string;
  /** Situations in which it fires, and the labels of all that then fire under its name. */
  fires: (Situation & { labels: Record<string, string>[] })[];
  /** Situations close by in which it is quiet. */
  quiet: Situation[];
}

/** What the cases' rules are made from. */
export const watched: RuleArgs = {
  objective: 0.999,
  owners: { "commerce-dev": "commerce", "content-dev": "content" },
  runbooks: "https://git.platform.test/platform/docs/runbooks/",
  parts: {
    etcd: true,
    dns: true,
    logging: { namespace: "logging" },
    tracing: { namespace: "tracing" },
    ci: { namespace: "jenkins" },
    registry: { namespace: "harbor" },
    backup: { oldest: 26 },
  },
};

/** A role's Service as kube-state-metrics shows it, for so many minutes. */
export function roleService(app: string, role: string, minutes: number): Series {
  const labels = `label_app_kubernetes_io_name="${app}",label_app_kubernetes_io_part_of="apps"`;
  return {
    [`kube_service_labels{namespace="commerce-dev",service="${app}-${role}",${labels}}`]: `1x${minutes}`,
  };
}

export const commerce = { team: "commerce" };
export const platform = { team: "platform" };
export const warning = { severity: "warning" };
export const critical = { severity: "critical" };
