import type { ImageName } from "../versions/images";

/** A rule that an object can be exempt from. */
export type PodRule =
  | "runAsNonRoot"
  | "allowPrivilegeEscalation"
  | "capabilities"
  | "seccompProfile"
  | "probes"
  | "readOnlyRootFilesystem"
  | "sizedEmptyDirs"
  | "volumeOwners"
  | "distinctProbes"
  | "secretEnvironment"
  | "networkPolicy"
  | "headlessService"
  | "writablePaths"
  | "clusterRoleWildcards";

/** All exceptions from the rules: object (`Kind name`), rules, and the reason. */
export const exceptions: { workload: string; rules: PodRule[]; reason: string }[] = [
  {
    workload: "StatefulSet image-builder",
    rules: ["seccompProfile", "allowPrivilegeEscalation", "readOnlyRootFilesystem"],
    reason:
      "BuildKit creates a user namespace for each build: its set-uid helper maps the users, and the default profile forbids creating one; its sockets and temporary files are in the folders of the image's user.",
  },
  {
    workload: "Deployment csi-nfs-controller",
    rules: ["runAsNonRoot", "allowPrivilegeEscalation", "capabilities"],
    reason:
      "The driver mounts the export to create and delete the volumes' folders, and its socket belongs to root.",
  },
  ...["csi-rbd-controller", "csi-cephfs-controller"].map((name) => ({
    workload: `Deployment ${name}`,
    rules: ["runAsNonRoot" as const],
    reason:
      "The driver's socket belongs to root, so the sidecars that connect to it run as root, without capabilities.",
  })),
  ...["csi-nfs-node", "csi-rbd-node", "csi-cephfs-node"].map((name) => ({
    workload: `DaemonSet ${name}`,
    rules: ["runAsNonRoot", "allowPrivilegeEscalation", "capabilities"] satisfies PodRule[],
    reason: "The driver mounts volumes into the pods of its node; only a privileged one may.",
  })),
  {
    workload: "StatefulSet elasticsearch",
    rules: ["readOnlyRootFilesystem"],
    reason:
      "Its image adds the first password to the keystore next to its settings, and writes its log of garbage collections.",
  },
  {
    workload: "StatefulSet logstash",
    rules: ["readOnlyRootFilesystem"],
    reason: "Its image writes settings next to the program, and JRuby unpacks libraries.",
  },
  {
    workload: "Deployment kibana",
    rules: ["readOnlyRootFilesystem"],
    reason: "It keeps its identity and its unpacked browser next to the program.",
  },
  {
    workload: "DaemonSet filebeat",
    rules: ["runAsNonRoot"],
    reason: "The container runtime's log files can be read by root only.",
  },
  {
    workload: "DaemonSet log-rotation",
    rules: ["runAsNonRoot"],
    reason:
      "It empties files of every app's user, in directories that the kubelet creates as root.",
  },
  ...["core", "jobservice", "registry", "exporter"].map((name) => ({
    workload: `Deployment harbor-${name}`,
    rules: ["readOnlyRootFilesystem" as const],
    reason:
      "Its start script writes the certificates that it trusts into the image's own bundle (make/photon/common/install_cert.sh).",
  })),
  {
    workload: "StatefulSet harbor-trivy",
    rules: ["readOnlyRootFilesystem"],
    reason: "Its start script writes the certificates that it trusts into the image's own bundle.",
  },
  {
    workload: "StatefulSet harbor-database",
    rules: ["readOnlyRootFilesystem"],
    reason: "PostgreSQL's socket and lock are in the image's folder /run/postgresql.",
  },
  {
    workload: "StatefulSet nexus",
    rules: ["readOnlyRootFilesystem"],
    reason: "Its launcher writes what it detects about Java below the home of the image's user.",
  },
  {
    workload: "ClusterRole keda-external-metrics-reader",
    rules: ["clusterRoleWildcards"],
    reason:
      "Every ScaledObject's metric is a resource of its own name in external.metrics.k8s.io, so the names cannot be listed; it only reads.",
  },
  ...[
    "Deployment csi-nfs-controller",
    "Deployment csi-rbd-controller",
    "Deployment csi-cephfs-controller",
    "DaemonSet csi-nfs-node",
    "DaemonSet csi-rbd-node",
    "DaemonSet csi-cephfs-node",
  ].map((workload) => ({
    workload,
    rules: ["readOnlyRootFilesystem" as const],
    reason:
      "The driver calls mount helpers, which keep state below /run, /var/lib and /etc of the image; its official manifests leave the root writable as well.",
  })),
  ...[
    "StatefulSet nexus",
    "StatefulSet jenkins",
    "StatefulSet harbor-database",
    "StatefulSet harbor-redis",
    "StatefulSet harbor-trivy",
  ].map((workload) => ({
    workload,
    rules: ["headlessService" as const],
    reason:
      "No client looks up its pods by their own names, and another serviceName would replace the StatefulSet.",
  })),
  ...["core", "exporter", "jobservice", "registry"].map((part) => ({
    workload: `Deployment harbor-${part}`,
    rules: ["secretEnvironment" as const],
    reason: "Harbor reads these values from environment variables only.",
  })),
  {
    workload: "StatefulSet harbor-trivy",
    rules: ["secretEnvironment"],
    reason: "The adapter reads Redis' address, with its password, from environment variables only.",
  },
  {
    workload: "StatefulSet harbor-database",
    rules: ["secretEnvironment"],
    reason: "The image's entry point is documented with POSTGRES_PASSWORD only.",
  },
  {
    workload: "StatefulSet nexus",
    rules: ["secretEnvironment"],
    reason:
      "Nexus reads its first password and the login for its database from the environment only.",
  },
  {
    workload: "Deployment headlamp",
    rules: ["secretEnvironment"],
    reason: "Headlamp reads the secret of its OIDC client from a variable or an argument only.",
  },
  {
    workload: "StatefulSet jenkins",
    rules: ["secretEnvironment"],
    reason: "Configuration as code reads the token of its reload address from the environment.",
  },
  {
    workload: "StatefulSet elasticsearch",
    rules: ["secretEnvironment"],
    reason:
      "The entry point refuses a password file that its group may read, which is what fsGroup makes of a Secret's files.",
  },
  {
    workload: "Deployment elasticsearch-exporter",
    rules: ["secretEnvironment"],
    reason: "The exporter reads its login from the environment or from its address argument.",
  },
  ...["Deployment kibana", "StatefulSet logstash", "DaemonSet filebeat"].map((workload) => ({
    workload,
    rules: ["secretEnvironment" as const],
    reason:
      "The alternative is a keystore that another container creates at each start; docs/decisions/logging-secrets.md weighs both.",
  })),
  {
    workload: "CronJob image-cleanup",
    rules: ["writablePaths"],
    reason: "It runs the client only, which writes nothing; the paths are those of the builder.",
  },
];

/**
 * Images that pods can name by tag only, even if `platform:policy.digests` is `required`. Remove an image from
 * this list when its row gets a digest (`test/unit/policy/digests.test.ts`).
 */
export const imagesWithoutDigest: { images: ImageName[]; reason: string } = {
  reason:
    "The table was written where no registry could be reached, and no two public sources agree on their digest. `npx platform versions pin` asks the registries.",
  images: [
    "traefik",
    "nginx",
    "nfsPlugin",
    "cephCsi",
    "csiProvisioner",
    "csiResizer",
    "csiSnapshotter",
    "csiAttacher",
    "csiLivenessProbe",
    "csiNodeDriverRegistrar",
    "snapshotController",
    "metricsServer",
    "kedaOperator",
    "kedaMetrics",
    "kedaWebhooks",
    "jenkins",
    "jenkinsAgent",
    "maven",
    "mavenJdk8",
    "composer",
    "composerLts",
    "nodeBuild",
    "python",
    "buildkit",
    "trivy",
    "pulumi",
    "rclone",
    "nodeExporter",
    "otelCollector",
    "node",
    "harborCore",
    "harborPortal",
    "harborRegistry",
    "harborRegistryController",
    "harborJobService",
    "harborScanner",
    "harborDatabase",
    "harborRedis",
    "harborExporter",
    "nexus",
    "kafkaExporter",
    "filebeat",
    "logstash",
    "kibana",
    "elasticsearchExporter",
    "busybox",
    "postgres",
    "etcd",
  ],
};
