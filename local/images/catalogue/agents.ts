import { builtImages } from "./built";

/** Collectors and exporters whose programs the toolchain builds. */
export const agents = builtImages({
  otelCollector: {
    binary: "otelcol",
    path: "/otelcol-k8s",
    facts: {
      user: "10001:10001",
      entrypoint: ["/otelcol-k8s"],
      command: ["--config", "/etc/otelcol-k8s/config.yaml"],
      shell: false,
      source:
        "open-telemetry/opentelemetry-collector-releases v0.158.0, distributions/otelcol-k8s/Dockerfile: from scratch, USER 10001:10001",
    },
  },
  restic: {
    binary: "restic",
    path: "/usr/bin/restic",
    facts: {
      entrypoint: ["/usr/bin/restic"],
      shell: true,
      source: "restic/restic v0.18.1, docker/Dockerfile: on Alpine, no USER",
    },
  },
  elasticsearchExporter: {
    binary: "elasticsearch-exporter",
    path: "/bin/elasticsearch_exporter",
    facts: {
      user: "65534:65534",
      entrypoint: ["/bin/elasticsearch_exporter"],
      shell: true,
      source:
        "prometheus-community/elasticsearch_exporter v1.11.0, Dockerfile: busybox, USER nobody",
    },
  },
});
