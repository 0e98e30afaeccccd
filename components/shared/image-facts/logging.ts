import type { ImageFacts } from "../image-facts";
import type { ImageName } from "../../../versions/images";

/** Facts about the images of the log pipeline. */
export const loggingImageFacts = {
  kafka: {
    user: 1000,
    group: 1000,
    entryPoint: [],
    command: ["/etc/kafka/docker/run"],
    volumes: ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"],
    // Both exist and are empty, so a script must not infer content from an existing folder.
    folders: ["/etc/kafka/secrets", "/var/lib/kafka/data", "/opt/kafka/bin"],
    // Settings, key and logs are written to /tmp, according to its variables.
    writes: ["/var/lib/kafka/data", "/tmp"],
    shell: "/bin/sh",
    source:
      "github.com/apache/kafka docker/jvm/Dockerfile, commit 120d52df7d4a1e7eaf90e4e069b9c49c27e3d0de; 4.3.1's own was not available, and the ids of appuser are those that adduser gives first",
  },
  kafkaExporter: {
    // The Dockerfile contains `USER nobody`: UID 65534 in the base image.
    user: 65_534,
    group: 65_534,
    entryPoint: ["/bin/kafka_exporter"],
    volumes: [],
    writes: [],
    shell: "/bin/sh",
    source:
      "github.com/danielqsj/kafka_exporter Dockerfile, commit 8ec24078707d4d3b349e71522ebd7f179746072d (v1.9.0)",
  },
  filebeat: {
    user: 1000,
    group: 1000,
    entryPoint: ["/usr/bin/tini", "--", "/usr/local/bin/docker-entrypoint"],
    command: ["-environment", "container"],
    workingDirectory: "/usr/share/filebeat",
    volumes: [],
    folders: ["/usr/share/filebeat/data", "/usr/share/filebeat/logs"],
    // `path.data`.
    writes: ["/var/lib/filebeat"],
    shell: "/bin/sh",
    source:
      "github.com/elastic/beats dev-tools/packaging/templates/docker/Dockerfile.tmpl, commit 85d415ca3ba23e5eebbb54260c1304d1fe8ae7fd; 9.5.2's own was not available",
  },
  logstash: {
    user: 1000,
    group: 0,
    entryPoint: ["/usr/local/bin/docker-entrypoint"],
    workingDirectory: "/usr/share/logstash",
    volumes: [],
    folders: ["/usr/share/logstash/config", "/usr/share/logstash/pipeline"],
    // It writes logstash.yml only for variables that are settings; the pods set none.
    writes: ["/usr/share/logstash/data", "/tmp"],
    shell: "/bin/bash",
    source:
      "github.com/elastic/logstash docker/templates/Dockerfile.erb, commit 4e6815b1ea227f80b9d5802dcc8773fc211a9130, and docker/data/logstash/bin/docker-entrypoint; 9.5.2's own were not available",
  },
  elasticsearch: {
    user: 1000,
    group: 0,
    entryPoint: ["/bin/tini", "--", "/usr/local/bin/docker-entrypoint.sh"],
    command: ["eswrapper"],
    workingDirectory: "/usr/share/elasticsearch",
    volumes: [],
    folders: ["/usr/share/elasticsearch/config", "/usr/share/elasticsearch/data"],
    writes: [
      "/usr/share/elasticsearch/config",
      "/usr/share/elasticsearch/data",
      "/usr/share/elasticsearch/logs",
      "/tmp",
    ],
    shell: "/bin/bash",
    source:
      "github.com/elastic/elasticsearch distribution/docker/src/docker/dockerfiles/default/Dockerfile, commit 994082eb3c1255c4a3034a7db8e9857226bbd7c1, and bin/docker-entrypoint.sh",
  },
  kibana: {
    user: 1000,
    group: 0,
    entryPoint: ["/bin/tini", "--"],
    command: ["/usr/local/bin/kibana-docker"],
    workingDirectory: "/usr/share/kibana",
    volumes: [],
    folders: ["/usr/share/kibana/config", "/usr/share/kibana/data"],
    writes: ["/usr/share/kibana/data", "/tmp"],
    shell: "/bin/bash",
    source:
      "github.com/elastic/kibana src/dev/build/tasks/os_packages/docker_generator/templates/base/Dockerfile, commit 00016fb3aaa3840f7740c4561805ce8c0a510d01",
  },
  elasticsearchExporter: {
    user: 65534,
    group: 65534,
    entryPoint: ["/bin/elasticsearch_exporter"],
    volumes: [],
    writes: [],
    source:
      "github.com/prometheus-community/elasticsearch_exporter Dockerfile, commit 57a0ca7c43f9fb07e52272d4acd3f4315a8b9a67 (v1.11.0), and its pods name their user",
  },
  busybox: {
    user: 0,
    group: 0,
    entryPoint: [],
    command: ["sh"],
    volumes: [],
    folders: ["/tmp"],
    writes: ["/tmp"],
    shell: "/bin/sh",
    source: "github.com/docker-library/busybox Dockerfile.template: CMD sh, no USER and no VOLUME",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
