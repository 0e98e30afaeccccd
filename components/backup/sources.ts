/** A key of a Secret of the same namespace. */
export interface SecretRef {
  secret: string;
  key: string;
}

/** A PostgreSQL database, in the cluster or outside it. */
export interface PostgresSource {
  type: "postgresql";
  host: string;
  port: number;
  /** Name of the database. */
  name: string;
  /** libpq's `sslmode`: how the server is verified. */
  sslMode: string;
  username: SecretRef;
  password: SecretRef;
}

/** The volume of a server that runs during its backup. */
export interface VolumeSource {
  namespace: string;
  /** Its PersistentVolumeClaim. */
  claim: string;
  /** User of the server's processes, who can read all of its files. */
  user: number;
  /** Labels of the server's pod: a volume that attaches to one node at a time is read on that node. */
  sameNodeAs: Record<string, string>;
}

/** The systems to back up. Omitted ones are not backed up. */
export interface Sources {
  /** Jenkins' home. */
  jenkins?: VolumeSource;
  /** Harbor's database, and the key that encrypts columns of it. */
  harbor?: { namespace: string; database: PostgresSource; keys: SecretRef[] };
  /** Nexus's artifacts and its database, and the keys that encrypt parts of it. */
  nexus?: VolumeSource & { database: PostgresSource | EmbeddedDatabase; keys: SecretRef[] };
  /** Grafana's database, and the key that encrypts its secrets. */
  grafana?: VolumeSource & { keys: SecretRef[] };
  elasticsearch?: ElasticsearchSource;
  etcd?: EtcdSource;
  /** A GitLab outside the cluster. */
  gitlab?: GitlabSource;
}

/** A GitLab on its own server. */
export interface GitlabSource {
  namespace: string;
  /** Server that runs GitLab. */
  host: string;
  /** Its SSH port. */
  port: number;
  /** User whose key can run the backup there. */
  user: string;
  /** Secret with `ssh-privatekey` and `known_hosts`. */
  secret: string;
}

/** Nexus's own database on its volume; only Nexus itself can dump it. */
export interface EmbeddedDatabase {
  type: "h2";
  /** URL of Nexus inside the cluster. */
  url: string;
  /** Nexus's pods, and their port. It differs from the URL's: network policies apply to pods, not to Services. */
  server: { pods: string; port: number };
  /** Administrator. */
  user: string;
  password: SecretRef;
}

/** Elasticsearch, which makes its snapshots itself. */
export interface ElasticsearchSource {
  namespace: string;
  url: string;
  user: string;
  password: SecretRef;
  /** CA certificate of its server certificate. */
  authority: SecretRef;
}

/** A member of etcd. */
export interface EtcdSource {
  namespace: string;
  endpoint: string;
  /** Secret with `ca.crt`, `tls.crt` and `tls.key`. */
  secret: string;
}
