import { storage as schema, type StorageConfig } from "../../config/components/storage";
import { Storage } from "../../components/storage";
import { at, declare, type Declared } from "./declare";
import type { PodSpec } from "./workloads";

/** `ceph fsid` of the clusters in tests. */
export const clusterId = "5c1d9f0e-7c1b-4a52-9d0e-2f6c7a1b3e84";

/** A key in Ceph's format, which no cluster uses. */
export const cephKey = `${"A".repeat(38)}==`;

/** An NFS export with the smallest config. */
export const nfs = { exports: { files: { server: "nfs.example.com", share: "/exports/files" } } };

/** A Ceph cluster with both kinds, with the smallest config. */
export const ceph = {
  clusterId,
  monitors: ["10.0.0.1:6789", "10.0.0.2:6789"],
  rbd: { user: { id: "kubernetes", key: cephKey }, classes: { block: { pool: "images" } } },
  cephfs: {
    user: { id: "kubernetes-fs", key: cephKey },
    classes: { shared: { fileSystem: "files" } },
  },
};

/** Returns the storage section of a config, with defaults. */
export function storageConfig(values: object): StorageConfig {
  return schema.parse(values);
}

/** Returns what the storage part declares for a section of config. */
export function declaredStorage(values: object, mirror?: string): Promise<Declared> {
  return declare((provider) => {
    new Storage(
      "storage",
      { context: { environment: "dev", imageSource: { mirror } }, config: storageConfig(values) },
      { provider },
    );
  });
}

/** Returns the pods of a workload. */
export function podOf(declared: Declared, kind: string, name: string): PodSpec {
  return at(declared.object(kind, name), "spec.template.spec") as PodSpec;
}

/**
 * Returns a container of a workload.
 * @throws Error if there is none with this name.
 */
export function containerOf(
  declared: Declared,
  kind: string,
  workload: string,
  name: string,
): PodSpec["containers"][number] {
  const { containers } = podOf(declared, kind, workload);
  const found = containers.find((container) => container.name === name);
  if (found === undefined) {
    throw new Error(`no container ${name}; there are ${containers.map((c) => c.name).join(", ")}`);
  }
  return found;
}

/** Whether the first resource depends on the second; both are given by the end of their type, and their name. */
export function waitsFor(
  { registrations }: Declared,
  [type, name]: [string, string],
  [otherType, otherName]: [string, string],
): boolean {
  const find = (ending: string, resource: string) =>
    registrations.find((entry) => entry.type.endsWith(`:${ending}`) && entry.name === resource);
  const [one, other] = [find(type, name), find(otherType, otherName)];
  if (one === undefined || other === undefined) {
    throw new Error(
      `${one === undefined ? `${type} ${name}` : `${otherType} ${otherName}`} is missing`,
    );
  }
  return one.dependencies.includes(other.urn);
}
