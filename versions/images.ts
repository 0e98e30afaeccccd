/** Where an image is pulled from, and which one it is. */
export interface Image {
  registry: string;
  repository: string;
  tag: string;
  /** Content digest (`sha256:…`), where known; it then decides, not the tag. */
  digest?: string;
}

/** Every image of the platform, pinned. An app's image is the app's own affair. */
export const images = {
  /** The version whose routing the end-to-end tests prove. */
  traefik: { registry: "docker.io", repository: "library/traefik", tag: "v3.6.23" },
  /** Runs as user 101; stands in front of PHP-FPM. */
  nginx: { registry: "docker.io", repository: "nginxinc/nginx-unprivileged", tag: "1.29.3-alpine" },
  nfsPlugin: { registry: "registry.k8s.io", repository: "sig-storage/nfsplugin", tag: "v4.13.4" },
  cephCsi: { registry: "quay.io", repository: "cephcsi/cephcsi", tag: "v3.17.0" },
  csiProvisioner: {
    registry: "registry.k8s.io",
    repository: "sig-storage/csi-provisioner",
    tag: "v6.3.0",
  },
  csiResizer: { registry: "registry.k8s.io", repository: "sig-storage/csi-resizer", tag: "v2.2.0" },
  csiSnapshotter: {
    registry: "registry.k8s.io",
    repository: "sig-storage/csi-snapshotter",
    tag: "v8.6.0",
  },
  csiAttacher: {
    registry: "registry.k8s.io",
    repository: "sig-storage/csi-attacher",
    tag: "v4.12.0",
  },
  csiLivenessProbe: {
    registry: "registry.k8s.io",
    repository: "sig-storage/livenessprobe",
    tag: "v2.19.0",
  },
  csiNodeDriverRegistrar: {
    registry: "registry.k8s.io",
    repository: "sig-storage/csi-node-driver-registrar",
    tag: "v2.17.0",
  },
  snapshotController: {
    registry: "registry.k8s.io",
    repository: "sig-storage/snapshot-controller",
    tag: "v8.5.0",
  },
  metricsServer: {
    registry: "registry.k8s.io",
    repository: "metrics-server/metrics-server",
    tag: "v0.9.0",
  },
  kedaOperator: { registry: "ghcr.io", repository: "kedacore/keda", tag: "2.20.2" },
  kedaMetrics: {
    registry: "ghcr.io",
    repository: "kedacore/keda-metrics-apiserver",
    tag: "2.20.2",
  },
  kedaWebhooks: {
    registry: "ghcr.io",
    repository: "kedacore/keda-admission-webhooks",
    tag: "2.20.2",
  },
  jenkins: { registry: "docker.io", repository: "jenkins/jenkins", tag: "2.568.2-jdk21" },
  /** Connects a build's pod to Jenkins; Java 21, as the controller. */
  jenkinsAgent: {
    registry: "docker.io",
    repository: "jenkins/inbound-agent",
    tag: "3385.vf1123fb_515da_-1-jdk21",
  },
  /** The versions of Java are those of our own runtimes. */
  maven: { registry: "docker.io", repository: "library/maven", tag: "3.9.16-eclipse-temurin-25" },
  mavenJdk8: {
    registry: "docker.io",
    repository: "library/maven",
    tag: "3.9.16-eclipse-temurin-8",
  },
  /** PHP with its package manager and git. */
  composer: { registry: "docker.io", repository: "library/composer", tag: "2.8.12" },
  /** The last series for PHP older than 7.2.5. */
  composerLts: { registry: "docker.io", repository: "library/composer", tag: "2.2.25" },
  /** With the tools that packages are compiled with. */
  nodeBuild: { registry: "docker.io", repository: "library/node", tag: "24.18.0-trixie" },
  python: { registry: "docker.io", repository: "library/python", tag: "3.13.9-trixie" },
  buildkit: { registry: "docker.io", repository: "moby/buildkit", tag: "v0.25.1-rootless" },
  /** Not later in 0.69: 0.69.4 to 0.69.6 were published by an attacker. */
  trivy: { registry: "ghcr.io", repository: "aquasecurity/trivy", tag: "0.69.3" },
  /** The engine in the version of the SDK, with Node.js, npm and git. */
  pulumi: { registry: "docker.io", repository: "pulumi/pulumi-nodejs", tag: "3.259.0" },
  rclone: { registry: "docker.io", repository: "rclone/rclone", tag: "1.71.2" },
  prometheus: { registry: "quay.io", repository: "prometheus/prometheus", tag: "v3.14.0" },
  alertmanager: { registry: "quay.io", repository: "prometheus/alertmanager", tag: "v0.34.0" },
  nodeExporter: { registry: "quay.io", repository: "prometheus/node-exporter", tag: "v1.12.1" },
  kubeStateMetrics: {
    registry: "registry.k8s.io",
    repository: "kube-state-metrics/kube-state-metrics",
    tag: "v2.20.0",
  },
  grafana: { registry: "docker.io", repository: "grafana/grafana", tag: "13.2.0" },
  headlamp: { registry: "ghcr.io", repository: "headlamp-k8s/headlamp", tag: "v0.45.0" },
  otelCollector: {
    registry: "ghcr.io",
    repository: "open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s",
    tag: "0.158.0",
  },
  tempo: { registry: "docker.io", repository: "grafana/tempo", tag: "2.10.8" },
  /** Runs the scripts of bootstrap Jobs, as user 1000. */
  node: { registry: "docker.io", repository: "library/node", tag: "22.21.1-alpine3.22" },
  harborCore: { registry: "docker.io", repository: "goharbor/harbor-core", tag: "v2.15.1" },
  harborPortal: { registry: "docker.io", repository: "goharbor/harbor-portal", tag: "v2.15.1" },
  harborRegistry: { registry: "docker.io", repository: "goharbor/registry-photon", tag: "v2.15.1" },
  harborRegistryController: {
    registry: "docker.io",
    repository: "goharbor/harbor-registryctl",
    tag: "v2.15.1",
  },
  harborJobService: {
    registry: "docker.io",
    repository: "goharbor/harbor-jobservice",
    tag: "v2.15.1",
  },
  harborScanner: {
    registry: "docker.io",
    repository: "goharbor/trivy-adapter-photon",
    tag: "v2.15.1",
  },
  harborDatabase: { registry: "docker.io", repository: "goharbor/harbor-db", tag: "v2.15.1" },
  harborRedis: { registry: "docker.io", repository: "goharbor/redis-photon", tag: "v2.15.1" },
  harborExporter: { registry: "docker.io", repository: "goharbor/harbor-exporter", tag: "v2.15.1" },
  nexus: { registry: "docker.io", repository: "sonatype/nexus3", tag: "3.91.1" },
  /** Runs as user 1000. */
  kafka: { registry: "docker.io", repository: "apache/kafka", tag: "4.3.1" },
  kafkaExporter: { registry: "docker.io", repository: "danielqsj/kafka-exporter", tag: "v1.9.0" },
  filebeat: { registry: "docker.elastic.co", repository: "beats/filebeat", tag: "9.5.2" },
  logstash: { registry: "docker.elastic.co", repository: "logstash/logstash", tag: "9.5.2" },
  elasticsearch: {
    registry: "docker.elastic.co",
    repository: "elasticsearch/elasticsearch",
    tag: "9.5.2",
  },
  kibana: { registry: "docker.elastic.co", repository: "kibana/kibana", tag: "9.5.2" },
  elasticsearchExporter: {
    registry: "quay.io",
    repository: "prometheuscommunity/elasticsearch-exporter",
    tag: "v1.11.0",
  },
  /** A shell, find and gzip: rotates log files. */
  busybox: { registry: "docker.io", repository: "library/busybox", tag: "1.37.0" },
  /** Encrypts backups and keeps them in a bucket. */
  restic: { registry: "docker.io", repository: "restic/restic", tag: "0.18.1" },
  /** Its pg_dump reads databases of this major version and all older ones. */
  postgres: { registry: "docker.io", repository: "library/postgres", tag: "18.1-alpine3.22" },
  /** Makes snapshots of etcd; the version whose restore the tests prove. */
  etcd: { registry: "quay.io", repository: "coreos/etcd", tag: "v3.7.3" },
} as const satisfies Record<string, Image>;

/** Name of a platform image. */
export type ImageName = keyof typeof images;

/**
 * The reference of an image as a pod names it.
 * @param mirror prefix of an internal mirror that stands in for the image's own registry.
 */
export function imageReference(image: Image, mirror?: string): string {
  const name = `${mirror ?? image.registry}/${image.repository}:${image.tag}`;
  return image.digest === undefined ? name : `${name}@${image.digest}`;
}
