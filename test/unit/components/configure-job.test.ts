import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { configureJob, type ConfigureJobArgs } from "../../../components/shared/configure-job";
import { declarePart } from "../../../components/shared/context";
import { at, declare, type Declared } from "../../support/declare";
import { workloads } from "../../support/workloads";

class Tools extends pulumi.ComponentResource {
  constructor(args: Partial<ConfigureJobArgs>, mirror: string | undefined, opts: object) {
    super("test:Tools", "tools", {}, opts);
    const part = declarePart(
      "tools",
      { context: { environment: "dev", imageSource: { mirror } } },
      this,
    );
    const server = new pulumi.ComponentResource("test:Server", "server", {}, { parent: this });
    configureJob(part, "tool-bootstrap", {
      files: ["registry/bootstrap.mjs", "shared/bootstrap/api.mjs"],
      settings: { projects: ["a"] },
      secrets: { "admin-password": { secret: "tool-admin", key: "password" } },
      network: {},
      dependsOn: [server],
      ...args,
    });
  }
}

function job(args: Partial<ConfigureJobArgs> = {}, mirror?: string): Promise<Declared> {
  return declare((provider) => {
    new Tools(args, mirror, { provider });
  });
}

async function nameOf(args: Partial<ConfigureJobArgs> = {}, mirror?: string): Promise<string> {
  const [name] = (await job(args, mirror)).names("Job");
  return name ?? "";
}

describe("a Job that configures a server", () => {
  it("has a name with the hash of its settings, so that only a change runs it again", async () => {
    const name = await nameOf();
    assert.match(name, /^tool-bootstrap-[0-9a-f]{10}$/);
    assert.equal(await nameOf(), name);
    assert.notEqual(await nameOf({ settings: { projects: ["a", "b"] } }), name);
    assert.notEqual(await nameOf({ files: ["artifacts/bootstrap.mjs"] }), name);
    assert.notEqual(await nameOf({}, "mirror.platform.test"), name);
    assert.notEqual(await nameOf({ secrets: {} }), name);
  });

  it("remains when it is done, so that the next update does not miss it", async () => {
    const declared = await job();
    const spec = declared.object("Job", await nameOf());
    assert.equal(at(spec, "spec.ttlSecondsAfterFinished"), undefined);
  });

  it("retries after a failure, but not after one that a retry cannot fix", async () => {
    const spec = (await job()).object("Job", await nameOf());
    assert.equal(at(spec, "spec.backoffLimit"), 6);
    assert.equal(at(spec, "spec.activeDeadlineSeconds"), 1800);
    assert.equal(at(spec, "spec.template.spec.restartPolicy"), "Never");
    assert.deepEqual(at(spec, "spec.podFailurePolicy.rules"), [
      {
        action: "FailJob",
        onExitCodes: { containerName: "tool-bootstrap", operator: "In", values: [2] },
      },
    ]);
  });

  it("keeps the scripts' relative paths, so that their imports work", async () => {
    const declared = await job();
    const [pod] = workloads(declared.objects).map((workload) => workload.pod);
    const files = pod?.volumes?.find(({ name }) => name === "files")?.configMap;
    assert.deepEqual(
      files?.items?.map(({ path }) => path),
      ["registry/bootstrap.mjs", "shared/bootstrap/api.mjs", "settings.json"],
    );
    const configMap = declared.object("ConfigMap", files?.name ?? "");
    const data = configMap["data"] as Record<string, string>;
    assert.deepEqual(
      files?.items?.map(({ key }) => key in data),
      [true, true, true],
    );
    assert.deepEqual(JSON.parse(data["settings.json"] ?? ""), { projects: ["a"] });
    assert.equal(configMap["immutable"], true);
    assert.deepEqual(pod?.containers[0]?.command, ["node", "/bootstrap/registry/bootstrap.mjs"]);
  });

  it("reads its secrets from files", async () => {
    const [pod] = workloads((await job()).objects).map((workload) => workload.pod);
    assert.deepEqual(pod?.volumes?.find(({ name }) => name === "secrets")?.projected, {
      defaultMode: 0o440,
      sources: [
        { secret: { name: "tool-admin", items: [{ key: "password", path: "admin-password" }] } },
      ],
    });
    assert.deepEqual(
      pod?.containers[0]?.env?.map(({ name, value }) => [name, value]),
      [
        ["BOOTSTRAP_SETTINGS", "/bootstrap/settings.json"],
        ["BOOTSTRAP_SECRETS", "/secrets"],
      ],
    );
  });

  it("runs in another interpreter if it gets one", async () => {
    const interpreter = { image: "python", command: ["python3", "-u"], user: 65 } as const;
    const declared = await job({ interpreter: { ...interpreter, command: ["python3", "-u"] } });
    const [pod] = workloads(declared.objects).map((workload) => workload.pod);
    assert.match(pod?.containers[0]?.image ?? "", /\/python:/);
    assert.deepEqual(pod?.containers[0]?.command?.slice(0, 2), ["python3", "-u"]);
    assert.equal(pod?.securityContext?.runAsUser, 65);
    assert.equal(pod?.securityContext?.fsGroup, 65);
  });

  it("waits for its files", async () => {
    const { registrations } = await job();
    const declared = registrations.find(({ type }) => type.endsWith(":Job"));
    assert.ok(declared?.dependencies.some((urn) => urn.includes("core/v1:ConfigMap::")));
  });
});
