import type { Values } from "./base";

const key = `${"A".repeat(38)}==`;

/** Configs of parts that store data: storage, the registry and Nexus. */
export const storedBases: Record<string, Values> = {
  storage: {
    components: {
      storage: {
        replicas: 1,
        default: "block",
        nfs: {
          exports: {
            files: {
              server: "nfs.platform.test",
              share: "/exports/files",
              onDelete: "delete",
              reclaimPolicy: "Retain",
              mountOptions: ["nfsvers=4.1"],
            },
          },
        },
        ceph: {
          clusterId: "5c1d9f0e-7c1b-4a52-9d0e-2f6c7a1b3e84",
          monitors: ["10.20.0.11:6789", "[2001:db8::1]:6789"],
          rbd: {
            user: { secret: "ceph-rbd" },
            radosNamespace: "kubernetes",
            classes: {
              block: {
                pool: "kubernetes",
                dataPool: "erasure",
                fileSystem: "xfs",
                imageFeatures: ["layering"],
                mountOptions: ["discard"],
                reclaimPolicy: "Delete",
              },
            },
          },
          cephfs: {
            user: { id: "kubernetes", key },
            subvolumeGroup: "csi",
            classes: {
              shared: {
                fileSystem: "kubernetes",
                pool: "data",
                mountOptions: ["noatime"],
                reclaimPolicy: "Delete",
              },
            },
          },
        },
        existing: { local: "block" },
        snapshots: {},
        kubeletDirectory: "/var/lib/kubelet",
        nodeLabels: { "kubernetes.io/os": "linux" },
      },
    },
  },
  snapshots: {
    components: {
      storage: {
        nfs: { exports: { files: { server: "10.0.0.9", share: "/files" } } },
        snapshots: {
          crds: {
            file: ".local/crds/volume-snapshot-v8.6.0.json",
            sha256: "2768fb8c327a07081e6720f988793ef75fd0200c3675c2a51ce35a96622cf9ee",
          },
        },
      },
    },
  },
  registry: {
    components: {
      gateway: {},
      registry: {
        host: "harbor.platform.test",
        caBundle: "company-ca",
        replicas: 1,
        storage: { type: "volume", size: "20Gi", class: "files", shared: true },
        database: { type: "internal", size: "10Gi", class: "block" },
        redis: { type: "internal", size: "2Gi", class: "block" },
        scanner: {
          size: "5Gi",
          class: "block",
          database: "harbor.platform.test/mirror/trivy-db",
          javaDatabase: "harbor.platform.test/mirror/trivy-java-db",
          offline: true,
        },
        retention: { latest: 30, pulledWithin: "90d" },
        garbageCollection: "0 0 2 * * 6",
      },
    },
  },
  registryOutside: {
    components: {
      registry: {
        storage: {
          type: "s3",
          bucket: "harbor",
          region: "eu-1",
          endpoint: "https://s3.platform.test",
          secret: "harbor-s3",
          redirect: true,
        },
        database: {
          type: "external",
          host: "postgres.platform.test",
          port: 5432,
          name: "registry",
          sslMode: "verify-full",
          secret: "harbor-postgres",
        },
        redis: {
          type: "external",
          host: "redis.platform.test",
          port: 6379,
          secret: "harbor-redis",
        },
      },
    },
  },
  foreignRegistry: {
    components: {
      registry: {
        external: {
          address: "registry.test:5000",
          credentials: { username: "robot", password: "secret-word" },
        },
      },
      tenancy: { teams: { commerce: {} } },
    },
    apps: {
      shop: {
        team: "commerce",
        domain: "shop.platform.test",
        image: "registry.test:5000/shop.platform.test/shop",
        stable: { version: "1.4.2" },
      },
    },
  },
  artifacts: {
    components: {
      gateway: {},
      artifacts: {
        host: "nexus.platform.test",
        acceptEula: true,
        replicas: 1,
        database: {
          type: "postgresql",
          host: "postgres.platform.test",
          port: 5432,
          name: "nexus",
          sslMode: "require",
          secret: "nexus-postgres",
        },
        storage: { size: "10Gi", class: "block" },
        heap: "1Gi",
        blobStores: ["maven2", "npm", "raw"],
        cleanup: { unusedFor: "90d" },
        repositories: {
          central: {
            format: "maven2",
            type: "proxy",
            remote: "https://repo.test/maven/",
            versionPolicy: "release",
          },
          releases: {
            format: "maven2",
            type: "hosted",
            versionPolicy: "release",
            overwrite: false,
          },
          maven: { format: "maven2", type: "group", members: ["releases", "central"] },
        },
      },
    },
  },
  manifests: {
    components: {
      tenancy: { teams: { commerce: {} } },
      manifests: {
        contacts: {
          folder: "examples/manifests/limits",
          namespace: "contacts",
          podSecurity: { level: "baseline", reason: "an agent" },
          network: {
            ingress: [{ from: ["gateway"], ports: [8080] }],
            egress: [{ cidr: "10.0.0.0/8", ports: [443], protocol: "TCP", reason: "all" }],
            apiServer: true,
          },
          clusterKinds: ["cert-manager.io/ClusterIssuer"],
        },
        limits: { folder: "examples/manifests/limits", team: "commerce", formerly: "quotas" },
      },
    },
  },
};
