import assert from "node:assert/strict";
import { kubernetesObjects, type KubernetesObject } from "../../../render/objects";
import { leakedSecrets } from "../../support/secrets";
import { stackNames, stackRecording } from "../../support/stacks";

for (const stack of stackNames) {
  it(`no secret of stack ${stack} is in a ConfigMap, a literal environment variable or an argument`, async () => {
    const { registrations } = await stackRecording(stack);
    const texts = registrations
      .filter(({ type }) => type.startsWith("random:"))
      .flatMap(({ name }) => [`random-${name}`, `bcrypt-${name}`]);
    assert.ok(texts.length > 0, "the stack has no random password");
    const isSecret = (text: string) =>
      text.includes("PRIVATE KEY") || texts.some((secret) => text.includes(secret));
    assert.deepEqual(leakedSecrets(kubernetesObjects(registrations), isSecret), []);
  });
}

describe("the search for secrets", () => {
  const pod = (container: object): KubernetesObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "shop", namespace: "commerce" },
    spec: { template: { metadata: {}, spec: { containers: [container] } } },
  });
  const cases: [place: string, object: KubernetesObject][] = [
    ["Deployment commerce/shop: PASSWORD", pod({ env: [{ name: "PASSWORD", value: "s3cret" }] })],
    ["Deployment commerce/shop: argument", pod({ args: ["--password=s3cret"] })],
    ["Deployment commerce/shop: argument", pod({ command: ["serve", "s3cret"] })],
    [
      "ConfigMap shop: a.yaml",
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "shop" },
        data: { "a.yaml": "password: s3cret" },
      },
    ],
  ];
  for (const [place, object] of cases) {
    it(`finds one: ${place}`, () => {
      assert.deepEqual(
        leakedSecrets([object], (text) => text.includes("s3cret")),
        [place],
      );
    });
  }
});
