/** A key of a Secret of the same namespace. */
export interface SecretRef {
  secret: string;
  key: string;
}

/** A PostgreSQL database, in the cluster or outside of it. */
export interface PostgresSource {
  type: "postgresql";
  host: string;
  port: number;
  /** Name of the database. */
  name: string;
  /** libpq's word for how the server is verified. */
  sslMode: string;
  username: SecretRef;
  password: SecretRef;
}

/** The volume of a server that runs while it is saved. */
export interface VolumeSource {
  namespace: string;
  /** Its PersistentVolumeClaim. */
  claim: string;
  /** User of the server's processes, who may read all of its files. */
  user: number;
  /** Labels of the server's pod: a volume of one machine at a time is read on that machine. */
  beside: Record<string, string>;
}

/** What there is to save; what is left out is not saved. */
export interface Sources {
  /** Jenkins' home. */
  jenkins?: VolumeSource;
  /** Harbor's database, and the key that columns of it are encrypted with. */
  harbor?: { namespace: string; database: PostgresSource; keys: SecretRef[] };
  /** Nexus's artifacts and its database, and the keys that parts of it are encrypted with. */
  nexus?: VolumeSource & { database: PostgresSource | EmbeddedDatabase; keys: SecretRef[] };
  /** Grafana's database, and the key that its secrets are encrypted with. */
  grafana?: VolumeSource & { keys: SecretRef[] };
  elasticsearch?: ElasticsearchSource;
  etcd?: EtcdSource;
  /** A GitLab outside of the cluster. */
  gitlab?: GitlabSource;
}

/** A GitLab on a machine of its own. */
export interface GitlabSource {
  namespace: string;
  /** Machine that GitLab runs on. */
  host: string;
  /** Its port for SSH. */
  port: number;
  /** User whose key may run the backup there. */
  user: string;
  /** Secret with `ssh-privatekey` and `known_hosts`. */
  secret: string;
}

/** Nexus's own database on its volume; only Nexus itself can dump it. */
export interface EmbeddedDatabase {
  type: "h2";
  /** Address of Nexus within the cluster. */
  url: string;
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
  /** Certificate authority of its own certificate. */
  authority: SecretRef;
}

/** A member of etcd. */
export interface EtcdSource {
  namespace: string;
  endpoint: string;
  /** Secret with `ca.crt`, `tls.crt` and `tls.key`. */
  secret: string;
}
