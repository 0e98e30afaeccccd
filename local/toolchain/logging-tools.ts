import { tools } from "../../versions/tools";
import type { Tool } from "./tool";

const { elasticsearchExporter, filebeat } = tools;

/** Programs of the log pipeline that a registry provides, for tests of their configuration. */
export const loggingTools: readonly Tool[] = [
  {
    name: "filebeat",
    version: filebeat,
    purpose: "test",
    module: "filebeat",
    binaries: { filebeat: "github.com/elastic/beats/v7/filebeat" },
    stamp: [],
  },
  {
    name: "elasticsearch-exporter",
    version: elasticsearchExporter,
    purpose: "test",
    module: "elasticsearch-exporter",
    binaries: {
      "elasticsearch-exporter": "github.com/prometheus-community/elasticsearch_exporter",
    },
    stamp: [`github.com/prometheus/common/version.Version=${elasticsearchExporter}`],
  },
];
