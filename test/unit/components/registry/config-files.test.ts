import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { parse } from "yaml";
import {
  jobServiceConfig,
  portalConfig,
  registryConfig,
} from "../../../../components/registry/config-files";
import { rsaPrivateKey } from "../../../../components/registry/token-key";
import { at } from "../../../support/declare";
import { config } from "./declared";

describe("Harbor's config files", () => {
  const redis = { host: "redis", port: 6379 };

  it("keep layers on the volume, and serve them directly", () => {
    const { storage } = config();
    const made = parse(registryConfig(storage, redis)) as object;
    assert.deepEqual(at(made, "storage.filesystem"), { rootdirectory: "/storage" });
    assert.equal(at(made, "storage.s3"), undefined);
    assert.deepEqual(at(made, "storage.redirect"), { disable: true });
    assert.deepEqual(at(made, "storage.delete"), { enabled: true });
    assert.equal(at(made, "redis.db"), 2);
  });

  const stores: [string, object, object, boolean][] = [
    [
      "a store of its own",
      { endpoint: "http://store:9000" },
      {
        region: "us-east-1",
        bucket: "harbor",
        regionendpoint: "http://store:9000",
        forcepathstyle: true,
        secure: false,
        v4auth: true,
      },
      true,
    ],
    [
      "Amazon's store",
      { redirect: true, region: "eu-1" },
      { region: "eu-1", bucket: "harbor", secure: true, v4auth: true },
      false,
    ],
  ];
  for (const [what, fields, driver, disable] of stores) {
    it(`keep layers in ${what}, with no key in the file`, () => {
      const { storage } = config({
        storage: { type: "s3", bucket: "harbor", secret: "s3", ...fields },
      });
      const made = parse(registryConfig(storage, redis)) as object;
      assert.deepEqual(at(made, "storage.s3"), driver);
      assert.deepEqual(at(made, "storage.redirect"), { disable });
    });
  }

  it("serve every page that Harbor's own packaging serves, including the API's", () => {
    // harbor-helm v1.19.1, templates/portal/configmap.yaml; `/v1/` is on the ingress there.
    const pages: Record<string, string> = {
      "/": "/index.html",
      "/devcenter-api-2.0": "/swagger-ui-index.html",
    };
    const served = Object.fromEntries(
      [...portalConfig.matchAll(/location (\S+) \{\s+try_files \$uri \$uri\/ (\S+);/g)].map(
        ([, path = "", file = ""]) => [path, file],
      ),
    );
    assert.deepEqual(served, pages);
    assert.match(portalConfig, /location \/v1\/ \{\s+return 404;/);
  });

  it("keep jobs' logs in the database, so that no volume ties the pods to a node", () => {
    const made = parse(jobServiceConfig()) as object;
    const loggers = at(made, "job_loggers") as { name: string }[];
    assert.deepEqual(
      loggers.map(({ name }) => name),
      ["STD_OUTPUT", "DB"],
    );
    assert.equal(at(made, "worker_pool.redis_pool.redis_url"), undefined);
  });
});

describe("the key of Harbor's tokens", () => {
  it("is one RSA key of 2048 bits for one seed, and signs", () => {
    const pem = rsaPrivateKey("seed");
    assert.equal(rsaPrivateKey("seed"), pem);
    const key = createPrivateKey(pem);
    assert.equal(key.asymmetricKeyDetails?.modulusLength, 2048);
    assert.equal(key.asymmetricKeyDetails?.publicExponent, 65_537n);
    const signature = sign("sha256", Buffer.from("token"), key);
    assert.ok(verify("sha256", Buffer.from("token"), createPublicKey(key), signature));
  });

  it("differs for another seed", () => {
    assert.notEqual(rsaPrivateKey("seed"), rsaPrivateKey("seeds"));
  });
});
