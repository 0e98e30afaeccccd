import { builtImages } from "./built";

/** Collectors and exporters whose programs the toolchain builds. */
export const agents = builtImages({
  otelCollector: { binary: "otelcol", path: "/otelcol-k8s" },
  restic: { binary: "restic", path: "/usr/bin/restic" },
  elasticsearchExporter: {
    binary: "elasticsearch-exporter",
    path: "/bin/elasticsearch_exporter",
  },
});
