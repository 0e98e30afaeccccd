import type { Tool } from "./tool";

const elasticsearchExporter = "1.11.0";
/** The newest that the module proxy has; the stacks' version is in no registry. */
const filebeat = "7.17.29";

/** Parts of the log pipeline that a registry carries, for tests of what they are configured with. */
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
