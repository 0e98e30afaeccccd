/** Namespace of a part of the platform. */
export interface PartNamespace {
  namespace: string;
}

/** The parts of the platform next to the monitoring itself. An omitted part has no rules. */
export interface OtherParts {
  /** Filebeat, Kafka and Elasticsearch. */
  logging?: PartNamespace;
  /** The trace collectors and Tempo. */
  tracing?: PartNamespace;
  /** Jenkins. */
  ci?: PartNamespace;
  /** Harbor. */
  registry?: PartNamespace;
  /** CronJobs with `backup` in their names, in any namespace. */
  backup?: {
    /** Age in hours at which the last successful backup is too old. */
    oldest: number;
  };
}

/** The parts of the platform and of the cluster to monitor. An omitted one has no rules. */
export interface MonitoredParts extends OtherParts {
  /** Whether kubelets are scraped. */
  kubelet?: boolean;
  /** Whether etcd itself is scraped, which a managed control plane does not allow. */
  etcd?: boolean;
  /** Whether CoreDNS is scraped. */
  dns?: boolean;
}

/** Arguments of {@link ruleGroups}. */
export interface RuleArgs {
  /**
   * Fraction of each app's requests that must not end with a server error over 30 days, from 0 to 1, for example 0.999.
   */
  objective: number;
  /** Team by namespace. All other namespaces belong to the platform team. */
  owners: Record<string, string>;
  /** Team that operates the platform. Default: `platform`. */
  platformTeam?: string;
  /** URL of the folder of runbooks; that of an alert is `<runbooks>/<alert>.md`. */
  runbooks: string;
  /** Parts of the platform to monitor. */
  parts: MonitoredParts;
}

/** The arguments of the rules, with defaults. */
export type RuleSettings = Required<RuleArgs>;
