/** Location and version of an image. */
export interface Image {
  registry: string;
  repository: string;
  tag: string;
  /** Content digest (`sha256:…`), if known; it takes precedence over the tag. */
  digest?: string;
}

/** All images of the platform, pinned. Apps choose their own images. */
export const images = {
  /** The version whose routing the end-to-end tests verify. */
  traefik: { registry: "docker.io", repository: "library/traefik", tag: "v3.6.23" },
  /** Runs as user 101, in front of PHP-FPM. */
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
  /** Connects a build pod to Jenkins; it has Java 21 like the controller. */
  jenkinsAgent: {
    registry: "docker.io",
    repository: "jenkins/inbound-agent",
    tag: "3385.vf1123fb_515da_-1-jdk21",
  },
  /** The Java versions are those of the platform's own runtimes. */
  maven: { registry: "docker.io", repository: "library/maven", tag: "3.9.16-eclipse-temurin-25" },
  mavenJdk8: {
    registry: "docker.io",
    repository: "library/maven",
    tag: "3.9.16-eclipse-temurin-8",
  },
  /** PHP with Composer and git. */
  composer: { registry: "docker.io", repository: "library/composer", tag: "2.8.12" },
  /** The last series that supports PHP before 7.2.5. */
  composerLts: { registry: "docker.io", repository: "library/composer", tag: "2.2.25" },
  /** With the build tools for native packages. */
  nodeBuild: { registry: "docker.io", repository: "library/node", tag: "24.18.0-trixie" },
  python: { registry: "docker.io", repository: "library/python", tag: "3.13.9-trixie" },
  buildkit: { registry: "docker.io", repository: "moby/buildkit", tag: "v0.25.1-rootless" },
  /** No later version of 0.69: an attacker published 0.69.4 to 0.69.6. */
  trivy: { registry: "ghcr.io", repository: "aquasecurity/trivy", tag: "0.69.3" },
  /** The engine in the same version as the SDK, with Node.js, npm and git. */
  pulumi: { registry: "docker.io", repository: "pulumi/pulumi-nodejs", tag: "3.259.0" },
  rclone: { registry: "docker.io", repository: "rclone/rclone", tag: "1.71.2" },
  prometheus: {
    registry: "quay.io",
    repository: "prometheus/prometheus",
    tag: "v3.14.0",
    digest: "sha256:5ce7540c3c00ef4ab0c9d2c995c6a5b9c421f44b4a115d97a2c7af3b1c21cbb0",
  },
  alertmanager: {
    registry: "quay.io",
    repository: "prometheus/alertmanager",
    tag: "v0.34.0",
    digest: "sha256:690c7b525f4367aa91f73e2f91c632206d32e97c6384bdbf2fb7a861b420340d",
  },
  nodeExporter: { registry: "quay.io", repository: "prometheus/node-exporter", tag: "v1.12.1" },
  kubeStateMetrics: {
    registry: "registry.k8s.io",
    repository: "kube-state-metrics/kube-state-metrics",
    tag: "v2.20.0",
    digest: "sha256:42cfe3723a5f058171c627537fb57a3ea0f26e4380fa18555a95cb1a1b4cfc5b",
  },
  grafana: {
    registry: "docker.io",
    repository: "grafana/grafana",
    tag: "13.2.0",
    digest: "sha256:3fd54ae1214669f8355f065ec9f6445d5279a3d77095ab048ca045685272429b",
  },
  headlamp: {
    registry: "ghcr.io",
    repository: "headlamp-k8s/headlamp",
    tag: "v0.45.0",
    digest: "sha256:db3f0e0fc58d358d41daa3fe7fc852437552c7ee873c3645470f7b86a8e0db49",
  },
  otelCollector: {
    registry: "ghcr.io",
    repository: "open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s",
    tag: "0.158.0",
  },
  tempo: {
    registry: "docker.io",
    repository: "grafana/tempo",
    tag: "2.10.8",
    digest: "sha256:f0561deb1c68ec44d6e6e7e4487f30106c4e5e768642077695b37958b105812a",
  },
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
  kafka: {
    registry: "docker.io",
    repository: "apache/kafka",
    tag: "4.3.1",
    digest: "sha256:77e3df9054047a88b520d0cc46e16696d3b22022e1d580aeccd2632df6532837",
  },
  kafkaExporter: { registry: "docker.io", repository: "danielqsj/kafka-exporter", tag: "v1.9.0" },
  filebeat: { registry: "docker.elastic.co", repository: "beats/filebeat", tag: "9.5.2" },
  logstash: { registry: "docker.elastic.co", repository: "logstash/logstash", tag: "9.5.2" },
  elasticsearch: {
    registry: "docker.elastic.co",
    repository: "elasticsearch/elasticsearch",
    tag: "9.5.2",
    digest: "sha256:9c1e1afc2bda921b35025e21c72ec6e392266995aa35ad6a47887363592718be",
  },
  kibana: { registry: "docker.elastic.co", repository: "kibana/kibana", tag: "9.5.2" },
  elasticsearchExporter: {
    registry: "quay.io",
    repository: "prometheuscommunity/elasticsearch-exporter",
    tag: "v1.11.0",
  },
  /** Provides a shell, find and gzip for log rotation. */
  busybox: { registry: "docker.io", repository: "library/busybox", tag: "1.37.0" },
  /** Encrypts backups and stores them in a bucket. */
  restic: {
    registry: "docker.io",
    repository: "restic/restic",
    tag: "0.18.1",
    digest: "sha256:39d9072fb5651c80d75c7a811612eb60b4c06b32ffe87c2e9f3c7222e1797e76",
  },
  /** pg_dump supports databases of this major version and older. */
  postgres: { registry: "docker.io", repository: "library/postgres", tag: "18.1-alpine3.22" },
  /** Creates etcd snapshots; the version whose restore the tests verify. */
  etcd: { registry: "quay.io", repository: "coreos/etcd", tag: "v3.7.3" },
} as const satisfies Record<string, Image>;

/** Name of a platform image. */
export type ImageName = keyof typeof images;

/** Source of the platform's images. */
export interface ImageSource {
  /** Prefix of an internal mirror that replaces each image's registry. Default: none. */
  mirror?: string;
  /** `ignored`: by tag only, for a mirror whose tags have other contents than the publishers'. Default: `used`. */
  digests?: "used" | "ignored";
}

/** Returns the reference of an image for a pod, with the digest if the table has one. */
export function imageReference(image: Image, { mirror, digests }: ImageSource = {}): string {
  const name = `${mirror ?? image.registry}/${image.repository}:${image.tag}`;
  return image.digest === undefined || digests === "ignored" ? name : `${name}@${image.digest}`;
}

/**
 * Returns the reference of an image that is not in the table, as a chart names it: from the mirror, if there is one. A
 * name without a registry is in Docker Hub.
 */
export function mirroredReference(
  reference: string,
  { mirror, digests }: ImageSource = {},
): string {
  const [name = "", digest] = reference.split("@");
  const isTagged = /:[^/]+$/.test(name);
  const kept = digest === undefined || (digests === "ignored" && isTagged) ? name : reference;
  if (mirror === undefined || kept.startsWith(`${mirror}/`)) return kept;
  const [first = "", ...rest] = kept.split("/");
  if (rest.length === 0) return `${mirror}/library/${kept}`;
  const hasRegistry = /[.:]|^localhost$/.test(first);
  return `${mirror}/${hasRegistry ? withLibrary(first, rest) : kept}`;
}

/** Returns the path of an image in its registry. */
function withLibrary(registry: string, path: string[]): string {
  const isShort = registry === "docker.io" && path.length === 1;
  return [...(isShort ? ["library"] : []), ...path].join("/");
}

/** Returns the name of a pinned image by its reference, whatever its mirror. */
export function imageNamed(reference: string): ImageName | undefined {
  const [tagged = ""] = reference.split("@");
  return (Object.keys(images) as ImageName[]).find((name) =>
    tagged.endsWith(`/${images[name].repository}:${images[name].tag}`),
  );
}
