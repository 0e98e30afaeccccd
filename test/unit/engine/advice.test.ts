import assert from "node:assert/strict";
import { adviceOn } from "../../../engine/advice";

const s3 = (said: string) =>
  `error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): operation error S3: GetObject, https response error StatusCode: 403, RequestID: 1, HostID: 2, ${said}`;
const vault = `error: getting stack configuration: get stack secrets manager: secrets (code=Unknown): Error making API request.

URL: PUT http://127.0.0.1:8200/v1/transit/decrypt/platform
Code: 403. Errors:

* permission denied`;

describe("what to do about an error of the engine", () => {
  const cases: [error: string, advice: RegExp][] = [
    [
      "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
      /^PULUMI_CONFIG_PASSPHRASE, .* passphrase of stack "prod"/,
    ],
    [
      "error: validating stack config: cipher: message authentication failed",
      /^the encrypted values in the file of stack "prod" .* restore the committed file/,
    ],
    [s3("api error SignatureDoesNotMatch: The request signature"), /set AWS_ACCESS_KEY_ID/],
    [s3("api error InvalidAccessKeyId: The AWS Access Key Id"), /set AWS_ACCESS_KEY_ID/],
    [
      s3(
        "get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found",
      ),
      /set AWS_ACCESS_KEY_ID/,
    ],
    [s3("api error AccessDenied: Access Denied."), /policy does not allow this with these keys/],
    [s3("NoSuchBucket: The specified bucket does not exist."), /PULUMI_BACKEND_URL names a bucket/],
    [vault, /kept by a Vault, which says: permission denied; set VAULT_ADDR/],
    [
      "error: open keeper hashivault://platform: neither VAULT_SERVER_URL nor VAULT_ADDR environment variables are set",
      /kept by a Vault; set VAULT_ADDR/,
    ],
  ];
  for (const [error, advice] of cases) {
    it(`is given for: … ${error.slice(-40)}`, () => {
      assert.match(adviceOn("prod", error) ?? "", advice);
      assert.match(adviceOn("prod", error) ?? "", / \(docs\/state\.md\)$/);
    });
  }

  it("is given for a config that is too long for a process, with any language host", () => {
    const advice = /^the config of stack "prod" is longer than .* \(docs\/decisions\/stacks\.md\)$/;
    for (const error of ["fork/exec /usr/bin/node: argument list too long", "error: spawn E2BIG"]) {
      assert.match(adviceOn("prod", error) ?? "", advice);
    }
  });

  it("is given for a state whose metadata file was truncated", () => {
    const error = "error: failed to load checkpoint: EOF";
    const advice = /npx platform recover prod; .* \(docs\/interrupted-updates\.md\)$/;
    assert.match(adviceOn("prod", error) ?? "", advice);
  });

  it("is given for a preview that cannot remove a field of an object as it was created", () => {
    const refused = [
      'error: Preview failed: StatefulSet.apps "kafka" is invalid: spec.template.spec.containers[0].startupProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
      'error: Preview failed: Deployment.apps "shop" is invalid: spec.template.spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      'error: Preview failed: Deployment.apps "shop" is invalid: spec.template.spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type',
    ];
    const advice = /: pulumi up --skip-preview --stack prod \(docs\/previews\.md\)$/;
    for (const error of refused) assert.match(adviceOn("prod", error) ?? "", advice);
    const update = refused.map((error) => error.replace("Preview failed: ", ""));
    for (const error of update) assert.equal(adviceOn("prod", error), undefined);
  });

  it("is not given for others, nor for another service's refusal", () => {
    assert.equal(adviceOn("prod", "error: deployments.apps is forbidden: AccessDenied"), undefined);
    assert.equal(adviceOn("prod", "error: no such host"), undefined);
  });
});
