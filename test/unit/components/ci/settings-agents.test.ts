import assert from "node:assert/strict";
import { parse } from "yaml";
import { agentTemplates } from "../../../../components/ci/agents";
import { type Pod, agents } from "./settings";

describe("agents", () => {
  it("are one per version of a language, each with its container next to the connection's", () => {
    assert.deepEqual(
      agents().map(({ label, pod }) => [label, pod.spec.containers.map(({ name }) => name)]),
      [
        ["maven-jdk8", ["jnlp", "build"]],
        ["maven-jdk25", ["jnlp", "build"]],
        ["php-8.4", ["jnlp", "build"]],
        ["node-24", ["jnlp", "build"]],
        ["python-3.13", ["jnlp", "build"]],
        ["image", ["jnlp", "build", "scan"]],
        ["platform", ["jnlp", "build"]],
      ],
    );
  });

  it("may do nothing that the namespace's level forbids, and have no token", () => {
    for (const { label, pod } of agents()) {
      const { spec } = pod;
      assert.equal(spec.automountServiceAccountToken, false, label);
      assert.equal(spec.enableServiceLinks, false);
      assert.equal(spec.serviceAccountName, "jenkins-agent");
      assert.equal(spec.securityContext?.runAsNonRoot, true);
      assert.equal(spec.securityContext?.runAsUser, 1000);
      assert.equal(spec.securityContext?.seccompProfile?.type, "RuntimeDefault");
      for (const { name, image, resources, securityContext } of spec.containers) {
        assert.equal(securityContext?.allowPrivilegeEscalation, false, `${label} ${name}`);
        assert.deepEqual(securityContext?.capabilities?.drop, ["ALL"]);
        assert.deepEqual(Object.keys(resources?.requests ?? {}), ["cpu", "memory"]);
        assert.deepEqual(Object.keys(resources?.limits ?? {}), ["cpu", "memory"]);
        assert.match(image ?? "", /:(?!latest$)[\w.-]+$/);
      }
      assert.equal(
        spec.volumes?.some((volume) => volume.hostPath !== undefined),
        false,
      );
    }
  });

  it("connect with Java 21", () => {
    for (const { pod } of agents()) {
      assert.match(pod.spec.containers[0]?.image ?? "", /\/jenkins\/inbound-agent:.*-jdk21$/);
    }
  });

  it("contain credentials only where none of an app's own commands run", () => {
    const holding = agents().filter(({ pod }) => JSON.stringify(pod).includes("ecret"));
    assert.deepEqual(
      holding.map(({ label }) => label),
      ["image", "platform"],
    );
    const image = holding.find(({ label }) => label === "image")?.pod;
    const mounts = image?.spec.containers.map(({ name, volumeMounts }) => [
      name,
      volumeMounts?.map((mount) => mount.mountPath),
    ]);
    assert.deepEqual(mounts, [
      ["jnlp", undefined],
      ["build", ["/run/secrets/registry"]],
      ["scan", undefined],
    ]);
  });

  it("build in the stack's images, and pull the others from the mirror", () => {
    const templates = agentTemplates({
      images: { "maven-jdk25": "harbor.test/own/maven:3" },
      imageSource: { mirror: "mirror.test" },
    });
    const images = templates.flatMap(({ yaml }) =>
      (parse(yaml) as Pod).spec.containers.map(({ image }) => image),
    );
    assert.ok(images.includes("harbor.test/own/maven:3"));
    assert.ok(!images.some((image) => image?.endsWith("eclipse-temurin-25")));
    assert.ok(images.every((image) => /^(harbor|mirror)\.test\//.test(image ?? "")));
  });
});
