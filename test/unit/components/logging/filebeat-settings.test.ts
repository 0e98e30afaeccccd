import assert from "node:assert/strict";
import { filebeatConfig } from "../../../../components/logging/filebeat-config";
import { javaTraces, tomcatRecords } from "../../../../components/logging/multiline";
import { at } from "../../../support/declare";

describe("filebeat.yml", () => {
  interface Input {
    id: string;
    type: string;
    paths: string[];
    parsers: object[];
    fields: object;
    prospector: { scanner: { symlinks?: boolean; exclude_files: string[] } };
  }
  const config = (user?: string) =>
    filebeatConfig({
      environment: "gray",
      kafka: { servers: ["kafka:9092"], topic: "logs", user },
    });
  const inputs = () =>
    at({ inputs: (config() as Record<string, Input[]>)["filebeat.inputs"] }, "inputs") as Input[];

  it("reads containers and the three kinds of directory, each with its fields", () => {
    assert.deepEqual(
      inputs().map(({ id, type, paths, fields }) => ({ id, type, paths, fields })),
      [
        ["containers", "/var/log/containers/*.log"],
        ["containers-stderr", "/var/log/containers/*.log"],
        ["accesslogs", "/data/nodelogs/gray/accesslogs/*/*/*"],
        ["devlogs", "/data/nodelogs/gray/devlogs/*/*/*"],
        ["tomcatlogs", "/data/nodelogs/gray/tomcatlogs/*/*/*"],
      ].map(([id, path]) => ({
        id,
        type: "filestream",
        paths: [path],
        fields: { wtype: "gray", ltype: String(id).replace("-stderr", "") },
      })),
    );
  });

  it("joins lines by kind: containers and devlogs by traces, tomcatlogs by records, accesslogs never", () => {
    assert.deepEqual(
      inputs().map(({ parsers }) => parsers),
      [
        [{ container: { stream: "stdout", format: "auto" } }, { multiline: javaTraces }],
        [{ container: { stream: "stderr", format: "auto" } }, { multiline: javaTraces }],
        [],
        [{ multiline: javaTraces }],
        [{ multiline: tomcatRecords }],
      ],
    );
  });

  it("identifies files by their beginning, and reads small ones too", () => {
    for (const input of inputs()) {
      assert.deepEqual(at(input, "file_identity"), { fingerprint: { growing: true } });
      assert.equal(at(input, "prospector.scanner.fingerprint.enabled"), true);
    }
  });

  it("omits compressed files, and the pipeline's own output", () => {
    const [containers, , ...directories] = inputs();
    const excluded = (input: Input | undefined, file: string) =>
      input?.prospector.scanner.exclude_files.some((pattern) => new RegExp(pattern).test(file));
    assert.equal(containers?.prospector.scanner.symlinks, true);
    const own = "/var/log/containers/logstash-0_logging_logstash-0123abc.log";
    assert.ok(excluded(containers, own));
    const filebeat = own.replaceAll("logstash-0", "filebeat-x2x4z");
    assert.ok(excluded(containers, filebeat.replace("_logging_", "_logging-nodes_")));
    assert.ok(!excluded(containers, filebeat.replace("_logging_", "_commerce-dev_")));
    assert.ok(!excluded(containers, own.replace("_logging_", "_commerce-dev_")));
    for (const directory of directories) {
      assert.ok(excluded(directory, "/data/nodelogs/x/catalina.out.20261121.rotated.gz"));
      assert.ok(!excluded(directory, "/data/nodelogs/x/catalina.out.20261121.rotated"));
    }
  });

  it("waits for Kafka instead of losing lines", () => {
    const output = (config() as Record<string, object>)["output.kafka"] ?? {};
    assert.equal(at(output, "required_acks"), -1);
    assert.equal(at(output, "max_retries"), -1);
    assert.deepEqual(at(output, "hosts"), ["kafka:9092"]);
    assert.equal(at(output, "password"), undefined);
  });

  it("logs in with a password from the environment, over TLS", () => {
    const output = (config("client") as Record<string, Record<string, unknown>>)["output.kafka"];
    assert.equal(output?.["username"], "client");
    assert.equal(output?.["password"], "${KAFKA_PASSWORD}");
    assert.deepEqual(output?.["ssl.certificate_authorities"], ["/etc/filebeat/tls/ca.crt"]);
  });
});
