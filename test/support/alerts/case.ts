import type { RuleArgs } from "../../../components/monitoring/rules/args";

/** Series by name and labels; the values are one per minute, in promtool's notation. */
export type Series = Record<string, string>;

/** Measurements at a time. */
export interface Situation {
  series: Series;
  /** Time after the first value, for example `30m`. */
  at: string;
}

/** Situations in which an alert fires, and in which it does not. */
export interface AlertCase {
  alert: string;
  /** Situations in which it fires, and the labels of all firing alerts with its name. */
  fires: (Situation & { labels: Record<string, string>[] })[];
  /** Similar situations in which it does not fire. */
  quiet: Situation[];
}

/** Arguments of the rules under test. */
export const watched: RuleArgs = {
  objective: 0.999,
  owners: { "commerce-dev": "commerce", "content-dev": "content" },
  runbooks: "https://git.platform.test/platform/docs/runbooks/",
  parts: {
    kubelet: true,
    etcd: true,
    dns: true,
    logging: { namespace: "logging" },
    tracing: { namespace: "tracing" },
    ci: { namespace: "jenkins" },
    registry: { namespace: "harbor" },
    backup: { oldest: 26 },
  },
};

/** A role's Service in the metrics of kube-state-metrics, for a number of minutes. */
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
