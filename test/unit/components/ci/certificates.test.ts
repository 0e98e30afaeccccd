import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import { parse } from "yaml";
import { agentTemplates } from "../../../../components/ci/agents";
import { Jenkins } from "../../../../components/ci";
import { goTrust, javaTrust } from "../../../../components/ci/certificates";
import { parseStack } from "../../../../config";
import { at, declare } from "../../../support/declare";
import { skipWithoutJava } from "../../../support/java";
import { pipelineSettings } from "../../../support/pipelines";

describe("the company's certificates", () => {
  it("change nothing if there are none", () => {
    for (const trust of [goTrust(undefined), javaTrust(undefined)]) {
      assert.ok(Object.values(trust).every((list) => list.length === 0));
    }
    assert.ok(agentTemplates().every(({ yaml }) => !yaml.includes("SSL_CERT_DIR")));
  });

  it("reach the containers that push and scan images, and none that run an app's own commands", () => {
    const withThem = agentTemplates({ caBundle: "company-ca" }).filter(({ yaml }) =>
      yaml.includes("company-ca"),
    );
    assert.deepEqual(
      withThem.map(({ label }) => label),
      ["image"],
    );
    const { spec } = parse(withThem[0]?.yaml ?? "") as k8s.types.output.core.v1.Pod;
    assert.deepEqual(
      spec.containers
        .filter(({ env }) => (env ?? []).some(({ name }) => name === "SSL_CERT_DIR"))
        .map(({ name }) => name),
      ["build", "scan"],
    );
  });

  it("reach Jenkins and the installer of its plugins, as Java and git read them", async () => {
    const { ci } = parseStack("test", {
      environment: "dev",
      domain: "dev.platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      components: {
        ci: {
          repository: pipelineSettings.repository,
          stacks: { dev: { stack: "dev" } },
          caBundle: "company-ca",
        },
      },
    }).components;
    assert.ok(ci);
    const declared = await declare((provider) => {
      new Jenkins(
        "ci",
        {
          context: { environment: "dev" },
          domain: "dev.platform.test",
          scheme: "https",
          gateway: { name: "dev", namespace: "gateway" },
          apps: {},
          teams: {},
          config: ci,
        },
        { provider },
      );
    });
    const pod = at(
      declared.object("StatefulSet", "jenkins"),
      "spec.template.spec",
    ) as k8s.types.output.core.v1.PodSpec;
    assert.equal(pod.initContainers[0]?.name, "certificates");
    assert.ok(pod.volumes.some(({ secret }) => secret?.secretName === "company-ca"));
    const option = "-Djavax.net.ssl.trustStore=/certificates/cacerts";
    for (const name of ["plugins", "jenkins"]) {
      const found = [...pod.initContainers, ...pod.containers].find((each) => each.name === name);
      assert.match(
        found?.env.find((entry) => entry.name === "JAVA_OPTS")?.value ?? "",
        new RegExp(option),
      );
      assert.ok(
        found?.volumeMounts.some(({ mountPath }) => mountPath === "/certificates"),
        name,
      );
    }
    const git = pod.containers.find((each) => each.name === "jenkins")?.env;
    assert.equal(
      git?.find((entry) => entry.name === "GIT_SSL_CAINFO")?.value,
      "/certificates/ca.crt",
    );
  });

  describe("for Java and git", () => {
    let folder: string;
    before(function () {
      skipWithoutJava(this, "the key store is written by Java's keytool");
    });
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "certificates-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it("are all added to the public ones", function () {
      // Java starts three times, perhaps on a busy machine.
      this.timeout(180_000);
      for (const path of ["company", "certificates", "etc/ssl/certs", "java/lib/security"]) {
        mkdirSync(join(folder, path), { recursive: true });
      }
      writeFileSync(join(folder, "etc/ssl/certs/ca-certificates.crt"), "public authorities\n");
      copyFileSync(javaAuthorities(), join(folder, "java/lib/security/cacerts"));
      writeFileSync(join(folder, "company/ca.crt"), `Subject: one\n${authorities.join("")}`);
      const [shell = "", flag = "", script = ""] = javaTrust("company-ca").initContainers[0]
        ?.command as string[];
      const moved = script
        .replaceAll("/etc/ssl/", `${folder}/etc/ssl/`)
        .replace(/(?<![\w/])\/(company|certificates)\//g, `${folder}/$1/`);
      const env = { PATH: process.env["PATH"], JAVA_HOME: join(folder, "java") };
      const { status, stderr } = spawnSync(shell, [flag, moved], { encoding: "utf8", env });
      assert.equal(status, 0, stderr);
      const store = join(folder, "certificates/cacerts");
      const { stdout } = spawnSync(
        "keytool",
        ["-list", "-keystore", store, "-storepass", "changeit"],
        { encoding: "utf8" },
      );
      const listed = [...stdout.matchAll(/^(\S+), .*trustedCertEntry/gm)].map(([, alias]) => alias);
      assert.deepEqual(listed.filter((alias) => alias?.startsWith("company-")).sort(), [
        "company-1",
        "company-2",
      ]);
      assert.ok(listed.length > 2, "the public authorities are gone");
      const git = readFileSync(join(folder, "certificates/ca.crt"), "utf8");
      assert.ok(git.startsWith("public authorities\n") && git.endsWith(authorities[1] ?? "none"));
    });
  });
});

/** Returns the trust store of the local Java. */
function javaAuthorities(): string {
  const java = spawnSync("bash", ["-c", 'readlink -f "$(command -v java)"'], { encoding: "utf8" });
  return join(dirname(dirname(java.stdout.trim())), "lib/security/cacerts");
}

/** Certificates of two CAs, used only by this test; valid for 100 years. */
const authorities = [
  `-----BEGIN CERTIFICATE-----
MIIBcjCCARmgAwIBAgIUKGTga73QdVxwdKS3ZnEfJtc8VnwwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDb25lMCAXDTI2MTEyNjIxMDExMloYDzIxMjYxMTAyMjEwMTEy
WjAOMQwwCgYDVQQDDANvbmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR+9f0s
XhlAAC/FwkRmUKeVZgWG9LDTTjOrDn6mi6sRKz94vW4RYOA9YinMcw0cZxBaL++W
OKFDA1USfktwzhADo1MwUTAdBgNVHQ4EFgQUdXvbsYM36tAcl6wubZ4Yx+enFNQw
HwYDVR0jBBgwFoAUdXvbsYM36tAcl6wubZ4Yx+enFNQwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNHADBEAiB92yj7OGWH+OWAyTseeX72Hn6H7MkgdxpTMLDn
cg+YVgIgapTSng4sTwq0zOWet0y6Huu4nHNZyU2IXf+r+oM40CU=
-----END CERTIFICATE-----
`,
  `-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUPR451Q/TK2EBn1DcwvusYfBo3EUwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDdHdvMCAXDTI2MTEyNjIxMDExMloYDzIxMjYxMTAyMjEwMTEy
WjAOMQwwCgYDVQQDDAN0d28wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASU4Xzt
NBIO+5IH+cY3hH41IlmZzzfHiUY2wo84KZEq/Bheypwhlnz7d+8iP9k3fawqPBbU
Cr6DyrpbeySW+dZIo1MwUTAdBgNVHQ4EFgQUs3vNH81/N37fs+LrIqR1uCFkHvEw
HwYDVR0jBBgwFoAUs3vNH81/N37fs+LrIqR1uCFkHvEwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiB7GgsHxxGrJHyUs0U6HxRGGPNxFKJqnyuE38wb
R/UHMAIhALDp3T/pzCjocqEltelV/9zxltFPLl6nl7ntL0oJFQjo
-----END CERTIFICATE-----
`,
];
