import assert from "node:assert/strict";
import { images, type Image, type ImageName } from "../../../../versions/images";
import { at } from "../../../support/declare";
import { ceph, declaredStorage, nfs } from "../../../support/storage";
import { storageFlags } from "../../../support/storage-flags";
import type { PodSpec } from "../../../support/workloads";

/** Returns the name of the platform image of a reference. */
function imageName(reference: string): ImageName {
  const known = Object.entries<Image>(images).find(([, { repository, tag }]) =>
    reference.includes(`/${repository}:${tag}`),
  );
  assert.ok(known, reference);
  return known[0] as ImageName;
}

describe("the command lines of the storage's programs", () => {
  it("have only flags that each program knows at the pinned version", async () => {
    const declared = await declaredStorage({ nfs, ceph, snapshots: {} });
    const seen = new Set<string>();
    for (const object of declared.objects) {
      if (object.kind !== "Deployment" && object.kind !== "DaemonSet") continue;
      const { containers } = at(object, "spec.template.spec") as PodSpec;
      for (const { image = "", args = [] } of containers) {
        const name = imageName(image);
        seen.add(name);
        const known = storageFlags[name];
        assert.ok(known, `nothing is known of ${name}`);
        assert.equal(known.version, images[name].tag, `${name}: read the flags of the new version`);
        for (const arg of args) {
          const flag = /^--([a-z-]+)(=|$)/.exec(arg)?.[1] ?? arg;
          assert.ok(known.flags.includes(flag), `${name} does not know ${arg} (${known.source})`);
        }
      }
    }
    assert.deepEqual([...seen].sort(), Object.keys(storageFlags).sort());
  });
});
