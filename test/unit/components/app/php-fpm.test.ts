import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { presets } from "../../../../config";
import { nginxOf } from "../../../../components/app/nginx";
import { podOf, template, type ContainerSpec } from "../../../support/shop";

const claim = { storageClass: "disks", size: "5Gi", accessMode: "ReadWriteOnce" as const };
const uploads = { path: "/app/public/uploads" };
const volumes = {
  uploads,
  thumbnails: { path: "/app/public/images/small", claim },
  other: { path: "/app/public-not" },
  data: { path: "/srv/data" },
};
const fields = { preset: "php-fpm", volumes };

const find = (containers: ContainerSpec[], name: string) => {
  const found = containers.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
};
const mountsOf = ({ volumeMounts = [] }: ContainerSpec) =>
  volumeMounts.filter(({ name }) => name.startsWith("volume-"));

describe("the nginx in front of PHP-FPM", () => {
  it("has the volumes below its folder, read-only, behind the folder itself", async () => {
    const { pod } = await podOf(fields);
    const nginx = find(pod.containers, "nginx");
    assert.deepEqual(mountsOf(nginx), [
      { name: "volume-uploads", mountPath: "/app/public/uploads", readOnly: true },
      { name: "volume-thumbnails", mountPath: "/app/public/images/small", readOnly: true },
    ]);
    assert.deepEqual(nginx.volumeMounts?.[0], {
      name: "public",
      mountPath: "/app/public",
      readOnly: true,
    });
    assert.equal(mountsOf(find(pod.containers, "shop")).length, 4);
    assert.ok(mountsOf(find(pod.containers, "shop")).every(({ readOnly }) => !readOnly));
  });

  it("has neither the app's config files nor its Secrets", async () => {
    const { pod } = await podOf({
      preset: "php-fpm",
      configFiles: { "/app/public/.user.ini": "" },
      secretFiles: { "/app/public/keys": "keys" },
    });
    const { volumeMounts = [] } = find(pod.containers, "nginx");
    assert.deepEqual(
      volumeMounts.map(({ mountPath }) => mountPath),
      ["/app/public", "/etc/nginx/conf.d", "/tmp"],
    );
  });

  it("has existing folders for mounted volumes, because they cannot be created in a read-only mount", async () => {
    const { pod } = await podOf(fields);
    const { command = [] } = find(pod.initContainers, "copy-public-files");
    const folder = mkdtempSync(join(tmpdir(), "public-"));
    const [image, copied] = [join(folder, "image"), join(folder, "copied")];
    for (const path of [join(image, "images"), copied]) mkdirSync(path, { recursive: true });
    for (const name of ["index.php", "images/logo"]) writeFileSync(join(image, name), "x");
    const [program = "", ...args] = command.map((part) =>
      part
        .replace(/ \/public$|^\/public(?=\/)/, (path) => path.replace("/public", copied))
        .replace("/app/public/", `${image}/`),
    );
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    for (const path of ["uploads", "images/small", "images/logo", "index.php"]) {
      assert.ok(existsSync(join(copied, path)), path);
    }
    assert.equal(readFileSync(join(copied, "index.php"), "utf8"), "x");
    rmSync(folder, { recursive: true });
  });

  it("is the same as before without such a volume", async () => {
    const { pod } = await podOf({ preset: "php-fpm", volumes: { data: volumes.data } });
    assert.deepEqual(find(pod.initContainers, "copy-public-files").command, [
      ...["cp", "-R", "/app/public/.", "/public"],
    ]);
    assert.deepEqual(mountsOf(find(pod.containers, "nginx")), []);
  });

  it("is the same as before in a live release that an older program deployed", async () => {
    const now = nginxOf(template(fields), undefined);
    assert.ok(now);
    const { servesVolumes, ...nginx } = now;
    assert.equal(servesVolumes, true);
    const resolved = { preset: presets["php-fpm"], nginx, pulls: false };
    const { pod } = await podOf({ ...fields, resolved });
    assert.deepEqual(mountsOf(find(pod.containers, "nginx")), []);
    assert.equal(find(pod.initContainers, "copy-public-files").command?.[0], "cp");
  });
});
