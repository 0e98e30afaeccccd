import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cascYaml } from "../../../components/ci/casc-yaml";
import { jenkinsSettings, type Login } from "../../../components/ci/casc-settings";
import {
  jobServiceConfig,
  registryControllerConfig,
} from "../../../components/registry/config-files";
import { checkout } from "../../../local/toolchain/paths";
import { buildkitFlags, flagsIn } from "../../support/contracts/buildkit";
import { cascKnown } from "../../support/contracts/jenkins";
import { unknownAttributes } from "../../support/contracts/known";
import {
  harborVariables,
  jobServiceFile,
  registryControllerFile,
} from "../../support/contracts/harbor";
import { at, collected } from "../../support/declare";
import { stackNames, stackRecording } from "../../support/stacks";
import { workloads } from "../../support/workloads";

describe("the settings of the pinned Harbor", () => {
  it("include every setting of the job service's file, each logger and its sweeper", () => {
    const made = jobServiceFile.parse(parse(jobServiceConfig()));
    assert.deepEqual(
      made.job_loggers.map(({ name }) => name),
      ["STD_OUTPUT", "DB"],
    );
    const former = jobServiceConfig().replace("name: DB", "name: DATABASE");
    assert.equal(jobServiceFile.safeParse(parse(former)).success, false);
  });

  it("include every setting of the registry controller's file", () => {
    registryControllerFile.parse(parse(registryControllerConfig()));
  });

  for (const stack of stackNames) {
    it(`include every variable of each container of stack ${stack}`, async () => {
      const { objects } = collected((await stackRecording(stack)).registrations);
      const found = workloads(objects).filter(
        ({ object }) =>
          object.metadata.namespace === "registry" && object.metadata.name.startsWith("harbor-"),
      );
      const containers = found
        .filter(({ object }) => object.kind !== "Job")
        .flatMap(({ pod }) => pod.containers);
      assert.ok(containers.length >= 7);
      for (const { name, env = [] } of containers) {
        const known = harborVariables[name];
        assert.ok(known, `no table of the variables of ${name}`);
        const used = env.flatMap(({ value }) => [...(value ?? "").matchAll(/\$\((\w+)\)/g)]);
        const substituted = new Set(used.map(([, variable]) => variable));
        const unknown = env
          .map((entry) => entry.name)
          .filter((variable) => known[variable] === undefined && !substituted.has(variable));
        assert.deepEqual(unknown, [], name);
      }
    });
  }
});

describe("the attributes of the pinned Jenkins and its plugins", () => {
  const logins: Login[] = [
    { type: "local" },
    {
      type: "oidc",
      discovery: "https://login.test/.well-known/openid-configuration",
      clientId: "jenkins",
      secret: "jenkins-oidc",
      groupsClaim: "groups",
    },
  ];
  const settings = (login: Login) =>
    parse(
      cascYaml(
        jenkinsSettings({
          url: "https://ci.test",
          internalUrl: "http://jenkins.ci.svc:8080",
          login,
          administrators: ["operations"],
          teams: { commerce: { view: ["support"], build: ["developers"] } },
          repository: { url: "https://git.test/platform.git", branch: "main", secret: "git" },
          agents: { quota: { pods: 1 } },
        }),
      ),
    ) as { jenkins: Record<string, unknown> };

  for (const login of logins) {
    it(`include every attribute of the settings with login ${login.type}`, () => {
      assert.deepEqual(unknownAttributes(settings(login), cascKnown), []);
    });
  }

  it("include no attribute of the crumb issuer, which prevented the start of Jenkins", () => {
    const former = settings({ type: "local" });
    former.jenkins["crumbIssuer"] = { standard: { excludeClientIPFromCrumb: true } };
    assert.deepEqual(unknownAttributes(former, cascKnown), [
      "jenkins.crumbIssuer.standard.excludeClientIPFromCrumb (core/src/main/java/hudson/security/csrf/DefaultCrumbIssuer.java)",
    ]);
  });

  it("include every attribute of each stack's settings", async () => {
    for (const stack of stackNames) {
      const { objects } = collected((await stackRecording(stack)).registrations);
      const texts = objects
        .filter(
          ({ kind, metadata }) => kind === "ConfigMap" && /^jenkins-settings-/.test(metadata.name),
        )
        .map((object) => (object as unknown as { data: Record<string, string> }).data);
      assert.equal(texts.length, 1, stack);
      const text = parse(texts[0]?.["settings.yaml"] ?? "") as unknown;
      assert.deepEqual(unknownAttributes(text, cascKnown), [], stack);
    }
  });
});

describe("the flags of the pinned BuildKit", () => {
  it("include every flag of the daemon and of its clean-up", async () => {
    const { object } = collected((await stackRecording("prod")).registrations);
    const daemon = at(object("StatefulSet", "image-builder"), "spec.template.spec.containers");
    const cleanUp = at(
      object("CronJob", "image-cleanup"),
      "spec.jobTemplate.spec.template.spec.containers",
    );
    const lines: [command: string, containers: unknown][] = [
      ["buildkitd", daemon],
      ["buildctl prune", cleanUp],
    ];
    for (const [command, containers] of lines) {
      const [{ args = [], command: script = [] }] = containers as [Record<string, string[]>];
      const used = flagsIn([...args, ...script].join("\n"));
      assert.ok(used.length > 0, command);
      assert.deepEqual(
        used.filter((flag) => buildkitFlags[command]?.[flag] === undefined),
        [],
      );
    }
  });

  it("include every flag of the pipelines' builds", () => {
    const text = readFileSync(join(checkout, "ci/library/vars/appImage.groovy"), "utf8");
    const build = /buildctl build[\s\S]*?stripIndent/.exec(text)?.[0] ?? "";
    assert.ok(flagsIn(build).includes("--opt"));
    assert.deepEqual(
      flagsIn(build).filter((flag) => buildkitFlags["buildctl build"]?.[flag] === undefined),
      [],
    );
  });
});
