import assert from "node:assert/strict";
import { parse } from "yaml";
import { at } from "../../../support/declare";
import { small, logging, pod, file } from "./declared";

describe("Logging: from the files to Kibana", () => {
  it("writes lines only after the topic and the template exist", async () => {
    const { registrations } = await logging();
    const dependencies = registrations.find(
      ({ name, type }) => name === "logstash" && type.endsWith(":StatefulSet"),
    )?.dependencies;
    for (const job of [/^kafka-topics-[0-9a-f]{10}$/, /^logging-bootstrap-[0-9a-f]{10}$/]) {
      const found = registrations.find(
        ({ name, type }) => job.test(name) && type.endsWith(":Job"),
      )?.urn;
      assert.ok(found !== undefined && dependencies?.includes(found), String(job));
    }
  });

  it("runs the bootstrap again for another domain or another retention", async () => {
    const job = async (...args: Parameters<typeof logging>) =>
      (await logging(...args)).names("Job").find((name) => name.startsWith("logging-bootstrap"));
    const before = await job({});
    assert.equal(await job({}), before);
    assert.notEqual(await job({}, { domains: { ...small.domains, a: "a.example.com" } }), before);
    assert.notEqual(await job({ otherApps: { a: "a.example.com" } }), before);
    assert.notEqual(await job({ retentionDays: 20 }), before);
  });

  it("reads and rotates the same directories, which it creates for every domain", async () => {
    const declared = await logging();
    for (const name of ["filebeat", "log-rotation"]) {
      const spec = pod(declared, "DaemonSet", name);
      const volume = spec.volumes.find((entry) => entry.name === "nodelogs");
      assert.deepEqual(volume?.hostPath, { path: "/data/nodelogs", type: "DirectoryOrCreate" });
      assert.deepEqual(spec.tolerations, [{ operator: "Exists" }]);
    }
    const mounts = pod(declared, "DaemonSet", "filebeat").containers[0]?.volumeMounts;
    assert.deepEqual(
      mounts?.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name),
      ["registry"],
    );
    assert.equal(file(declared, "log-rotation", "domains"), "news.example.com\nshop.example.com\n");
    const env = pod(declared, "DaemonSet", "log-rotation").containers[0]?.env;
    assert.deepEqual(
      env?.filter(({ name }) => ["ENVIRONMENT", "KINDS", "MAXIMUM_BYTES"].includes(name)),
      [
        { name: "ENVIRONMENT", value: "dev" },
        { name: "KINDS", value: "accesslogs devlogs tomcatlogs" },
        { name: "MAXIMUM_BYTES", value: "104857600" },
      ],
    );
  });

  it("shows Kibana at its host, with keys that outlive its pods", async () => {
    const declared = await logging({ kibana: { host: "logs.example.com" } }, { scheme: "https" });
    const route = declared.object("HTTPRoute", "kibana");
    assert.deepEqual(at(route, "spec.hostnames"), ["logs.example.com"]);
    const yaml = parse(file(declared, "kibana", "kibana.yml")) as Record<string, unknown>;
    assert.equal(yaml["server.publicBaseUrl"], "https://logs.example.com");
    const [container] = pod(declared, "Deployment", "kibana").containers;
    const keys = container?.env.filter(({ name }) => name.startsWith("XPACK_"));
    assert.deepEqual(
      keys?.map(({ valueFrom }) => valueFrom.secretKeyRef.name),
      ["kibana", "kibana", "kibana"],
    );
  });
});
