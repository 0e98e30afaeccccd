/** Where a part of the platform runs. */
export interface Place {
  namespace: string;
}

/** The parts of the platform that are there to be watched. What is left out has no rules. */
export interface MonitoredParts {
  /** etcd itself is scraped, which a managed control plane does not allow. */
  etcd?: boolean;
  /** CoreDNS is scraped. */
  dns?: boolean;
  /** Filebeat, Kafka and Elasticsearch. */
  logging?: Place;
  /** The collectors of traces, and Tempo. */
  tracing?: Place;
  /** Jenkins. */
  ci?: Place;
  /** Harbor. */
  registry?: Place;
  /** CronJobs whose names contain `backup`, in any namespace. */
  backup?: {
    /** Age of the last good backup that is too old, hours. */
    oldest: number;
  };
}

/** What the rules are made from. */
export interface RuleArgs {
  /** Share of each app's requests, 0 to 1, that must not end with a server error over 30 days: 0.999. */
  objective: number;
  /** Team of every namespace that a team owns; all others are the platform team's. */
  owners: Record<string, string>;
  /** Team that runs the platform, by default `platform`. */
  platformTeam?: string;
  /** URL of the folder of runbooks; an alert's page is `<runbooks>/<alert>.md`. */
  runbooks: string;
  parts: MonitoredParts;
}

/** The rules' arguments, defaults filled in. */
export type Watched = Required<RuleArgs>;
