import type { Folder, ImageFacts } from "./facts";
import type { ImageName } from "../images";

const elasticsearchHome = "/usr/share/elasticsearch";

/** Facts about the images of the log pipeline. */
export const loggingImageFacts = {
  kafka: {
    user: 1000,
    group: 1000,
    // Of its base image: it installs certificates if USE_SYSTEM_CA_CERTS is set.
    entryPoint: ["/__cacert_entrypoint.sh"],
    command: ["/etc/kafka/docker/run"],
    environment: { JAVA_HOME: "/opt/java/openjdk", LANG: "en_US.UTF-8", LC_ALL: "en_US.UTF-8" },
    volumes: ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"],
    // The folders of its VOLUMEs exist and are empty, so a script must not infer content from an existing folder.
    folders: [
      { path: "/etc/kafka/docker", owner: [1000, 0], mode: 0o775 },
      { path: "/etc/kafka/secrets", owner: [1000, 0], mode: 0o775 },
      { path: "/var/lib/kafka/data", owner: [1000, 0], mode: 0o775 },
      { path: "/mnt/shared/config", owner: [1000, 1000] },
      { path: "/opt/kafka/bin", owner: [1000, 1000] },
      { path: "/opt/kafka/config", owner: [1000, 1000] },
    ],
    // Settings, key and logs are written to /tmp, according to its variables.
    writes: ["/var/lib/kafka/data", "/tmp"],
    shell: "/bin/sh",
    source:
      "github.com/apache/kafka docker/jvm/Dockerfile, commit 120d52df7d4a1e7eaf90e4e069b9c49c27e3d0de; 4.3.1's own was not available, and the ids of appuser are those that adduser gives first; github.com/adoptium/containers 21/jre/alpine/3.23/Dockerfile, commit 127c9674917835cede83ec8de23df188bbb2cae9, for the base image",
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
    environment: {
      PATH: "/usr/share/filebeat:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    },
    volumes: [],
    folders: [
      { path: "/usr/share/filebeat/data", owner: [0, 0], mode: 0o775 },
      { path: "/usr/share/filebeat/logs", owner: [0, 0], mode: 0o775 },
    ],
    // `path.data`.
    writes: ["/var/lib/filebeat"],
    shell: "/bin/sh",
    source:
      "github.com/elastic/beats dev-tools/packaging/templates/docker/Dockerfile.tmpl, commit 85d415ca3ba23e5eebbb54260c1304d1fe8ae7fd; 9.5.2's own was not available",
  },
  logstash: {
    user: 1000,
    group: 1000,
    entryPoint: ["/usr/local/bin/docker-entrypoint"],
    workingDirectory: "/usr/share/logstash",
    environment: { ELASTIC_CONTAINER: "true" },
    volumes: [],
    folders: [
      { path: "/usr/share/logstash/config", owner: [1000, 0], mode: 0o2775 },
      { path: "/usr/share/logstash/data", owner: [1000, 0], mode: 0o2775 },
      { path: "/usr/share/logstash/pipeline", owner: [1000, 0], mode: 0o2775 },
    ],
    // It writes logstash.yml only for variables that are settings; the pods set none.
    writes: ["/usr/share/logstash/data", "/tmp"],
    shell: "/bin/bash",
    source:
      "elastic/dockerfiles logstash/Dockerfile, commit 0bbe2f0a64566b01dd591cd9f8188eda17c40bab (9.2.4); 9.5.2's own was not available; github.com/elastic/logstash docker/data/logstash/bin/docker-entrypoint",
  },
  elasticsearch: {
    user: 1000,
    group: 0,
    entryPoint: ["/bin/tini", "--", "/usr/local/bin/docker-entrypoint.sh"],
    command: ["eswrapper"],
    workingDirectory: elasticsearchHome,
    environment: {
      ELASTIC_CONTAINER: "true",
      PATH: `${elasticsearchHome}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      SHELL: "/bin/bash",
    },
    volumes: [],
    folders: [
      { path: elasticsearchHome, owner: [0, 0], mode: 0o775 },
      ...["bin", "config", "config/jvm.options.d", "data", "logs", "plugins"].map(
        (path): Folder => ({ path: `${elasticsearchHome}/${path}`, owner: [1000, 0], mode: 0o775 }),
      ),
    ],
    writes: [...["config", "data", "logs"].map((path) => `${elasticsearchHome}/${path}`), "/tmp"],
    shell: "/bin/bash",
    source:
      "elastic/dockerfiles elasticsearch/Dockerfile, commit 0bbe2f0a64566b01dd591cd9f8188eda17c40bab (9.2.4); 9.5.2's own was not available",
  },
  kibana: {
    user: 1000,
    group: 1000,
    entryPoint: ["/bin/tini", "--"],
    command: ["/usr/local/bin/kibana-docker"],
    workingDirectory: "/usr/share/kibana",
    volumes: [],
    folders: [{ path: "/usr/share/kibana/config" }, { path: "/usr/share/kibana/data" }],
    writes: ["/usr/share/kibana/data", "/tmp"],
    shell: "/bin/bash",
    source:
      "elastic/dockerfiles kibana/Dockerfile, commit 0bbe2f0a64566b01dd591cd9f8188eda17c40bab (9.2.4); 9.5.2's own was not available",
  },
  elasticsearchExporter: {
    user: 65_534,
    group: 65_534,
    entryPoint: ["/bin/elasticsearch_exporter"],
    volumes: [],
    writes: [],
    shell: "/bin/sh",
    source:
      "github.com/prometheus-community/elasticsearch_exporter Dockerfile, commit 57a0ca7c43f9fb07e52272d4acd3f4315a8b9a67 (v1.11.0): on busybox with glibc, USER nobody",
  },
  busybox: {
    user: 0,
    group: 0,
    entryPoint: [],
    command: ["sh"],
    volumes: [],
    folders: [{ path: "/tmp", owner: [0, 0], mode: 0o1777 }],
    writes: ["/tmp"],
    shell: "/bin/sh",
    source: "github.com/docker-library/busybox Dockerfile.template: CMD sh, no USER and no VOLUME",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
