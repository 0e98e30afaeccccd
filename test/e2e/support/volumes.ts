const name = "made-by-hand";

/** A default StorageClass and volumes for it, because nothing here creates volumes for claims. */
export function volumes(count: number): object {
  const storageClass = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "kubernetes.io/no-provisioner",
  };
  const items = Array.from({ length: count }, (_, index) => ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `${name}-${index}` },
    spec: {
      storageClassName: name,
      capacity: { storage: "100Gi" },
      accessModes: ["ReadWriteOnce"],
      hostPath: { path: `/var/lib/${name}/${index}` },
    },
  }));
  return { apiVersion: "v1", kind: "List", items: [storageClass, ...items] };
}
