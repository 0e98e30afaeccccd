import assert from "node:assert/strict";
import { storageClassErrors } from "../../../../config/checks/storage";
import type { BlockStorageClass, SharedStorageClass } from "../../../../config";
import { blockStorageClass, sharedStorageClass } from "../../../../config/storage-class";
import { ceph, nfs, storageConfig } from "../../../support/storage";

/** A database needs block storage; shared files need a shared class. */
const database = (name: BlockStorageClass): string => name;
const sharedFiles = (name: SharedStorageClass): string => name;

describe("the name of a StorageClass", () => {
  const block = blockStorageClass.parse("block");
  const shared = sharedStorageClass.parse("files");

  it("compiles only where its kind is required", () => {
    assert.equal(database(block), "block");
    assert.equal(sharedFiles(shared), "files");
    // @ts-expect-error a database on a shared class
    database(shared);
    // @ts-expect-error a database on a class of unknown kind
    database("block");
    // @ts-expect-error shared files on block devices, which one node at a time can mount
    sharedFiles(block);
  });

  it("is a valid Kubernetes name", () => {
    for (const schema of [blockStorageClass, sharedStorageClass]) {
      assert.equal(schema.safeParse("Not A Name").success, false);
    }
  });
});

describe("the check of a part's StorageClass", () => {
  const key = "platform:components.monitoring.storageClass";
  const storage = storageConfig({
    nfs,
    ceph,
    default: "files",
    existing: { "local-disk": "block", nas: "shared" },
  });
  const errors = (
    name: string | undefined,
    purpose: "block" | "shared",
    section: typeof storage | undefined = storage,
  ) => storageClassErrors(key, name, purpose, section);
  const error = (message: string) => [{ key, message }];

  it("accepts every class of the purpose, declared here or not", () => {
    for (const name of ["block", "local-disk"]) assert.deepEqual(errors(name, "block"), []);
    for (const name of ["files", "shared", "nas"]) assert.deepEqual(errors(name, "shared"), []);
  });

  it("refuses a shared class for data that needs a block device", () => {
    for (const name of ["files", "shared", "nas"]) {
      assert.deepEqual(
        errors(name, "block"),
        error(`expected a block class (block, local-disk), got "${name}", which is a shared class`),
      );
    }
  });

  it("refuses a block class for shared files", () => {
    assert.deepEqual(
      errors("block", "shared"),
      error('expected a shared class (files, nas, shared), got "block", which is a block class'),
    );
  });

  it("rejects an unknown class", () => {
    assert.deepEqual(
      errors("fast", "block"),
      error(
        'expected a block class (block, local-disk), got "fast", which platform:components.storage does not declare',
      ),
    );
  });

  it("says how to name the cluster's own class if there is no class to choose", () => {
    const message =
      'expected a block class (there is none), got "fast", which platform:components.storage does not declare; declare one, or list the cluster\'s own in platform:components.storage.existing';
    assert.deepEqual(errors("fast", "block", storageConfig({ nfs })), error(message));
    assert.deepEqual(storageClassErrors(key, "fast", "block", undefined), error(message));
  });

  it("judges the default class if none is configured, as far as it is known", () => {
    assert.deepEqual(errors(undefined, "shared"), []);
    assert.deepEqual(
      errors(undefined, "block"),
      error(
        'expected a block class (block, local-disk), got the default "files", which is a shared class',
      ),
    );
    assert.deepEqual(errors(undefined, "block", storageConfig({ nfs })), []);
    assert.deepEqual(storageClassErrors(key, undefined, "block", undefined), []);
  });
});
