import assert from "node:assert/strict";
import { imagesWithoutDigest } from "../../../policy/exceptions";
import { imageRules } from "../../../policy/rules/images";
import { imageReference, images, type Image } from "../../../versions/images";

const nodePorts = { min: 30_000, max: 32_767 };

describe("digests of the platform's images", () => {
  it("are in the table, or the image is an exception", () => {
    const without = Object.entries(images as Record<string, Image>)
      .filter(([, { digest }]) => digest === undefined)
      .map(([name]) => name);
    assert.deepEqual([...imagesWithoutDigest.images].sort(), without.sort());
    assert.notEqual(imagesWithoutDigest.reason, "");
  });

  it("are required in pods if the stack's policy says so, for images that have one", () => {
    const references = [
      imageReference(images.kafka, { digests: "ignored" }),
      imageReference(images.kafka, { mirror: "mirror.test/cache", digests: "ignored" }),
      imageReference(images.kafka),
      imageReference(images.traefik),
      "harbor.test/shop:1.4.2",
    ];
    const objects = references.map((image, index) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: `pod-${index}` },
      spec: { template: { spec: { containers: [{ name: "main", image }] } } },
    }));
    const rule = imageRules.find(({ id }) => id === "imageDigests");
    const found = (digests: "required" | "optional") =>
      rule
        ?.check(objects, { environment: "online", nodePorts, digests })
        .map(({ object }) => object);
    assert.deepEqual(found("required"), ["Deployment pod-0", "Deployment pod-1"]);
    assert.deepEqual(found("optional"), []);
  });
});
