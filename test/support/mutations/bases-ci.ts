import type { Values } from "./base";

const resources = {
  requests: { cpu: "250m", memory: "1Gi", "ephemeral-storage": "1Gi" },
  limits: { cpu: "2", memory: "2Gi", "ephemeral-storage": "2Gi" },
};

/** Configs of Jenkins and the backups. */
export const ciBases: Record<string, Values> = {
  ci: {
    components: {
      gateway: {},
      tenancy: { teams: { commerce: { groups: { release: ["leads"] } } } },
      ci: {
        host: "ci.platform.test",
        repository: {
          url: "https://git.test/ops/platform.git",
          branch: "main",
          api: "https://git.test/api/v4",
          secret: "git",
        },
        repositoryHosts: ["github.com"],
        stacks: { dev: { stack: "dev", check: false } },
        registry: "harbor.platform.test",
        login: {
          type: "oidc",
          discovery: "https://login.test/.well-known/openid-configuration",
          clientId: "jenkins",
          secret: "jenkins-oidc",
          groupsClaim: "groups",
        },
        administrators: ["ops"],
        storageClass: "block",
        home: "5Gi",
        resources,
        pluginMirror: "https://updates.test",
        caBundle: "company-ca",
        scan: { database: "mirror.test/trivy-db", javaDatabase: "mirror.test/trivy-java-db" },
        agents: {
          quota: { cpu: "4", memory: "8Gi", pods: 5 },
          images: { image: "mirror.test/buildkit:1" },
        },
        builder: { replicas: 1, cache: "10Gi" },
        backup: {
          size: "5Gi",
          target: {
            type: "s3",
            endpoint: "https://s3.test",
            bucket: "backups",
            prefix: "jenkins",
            secret: "jenkins-backup",
          },
        },
      },
    },
    apps: {
      shop: {
        team: "commerce",
        domain: "shop.platform.test",
        repository: "https://git.test/commerce/shop.git",
        image: "harbor.platform.test/shop.platform.test/shop",
      },
    },
  },
  ciLocal: {
    components: {
      ci: {
        repository: { url: "https://git.test/ops/platform.git" },
        stacks: { dev: { stack: "dev" } },
        login: { type: "local" },
        backup: { target: { type: "volume", storageClass: "files", size: "5Gi" } },
      },
    },
  },
  ciElsewhere: { components: { ci: { external: { address: "https://ci.test" } } } },
  backup: {
    components: {
      artifacts: { database: { type: "h2" }, repositories: {} },
      backup: {
        repository: {
          endpoint: "https://s3.test",
          bucket: "platform-backup",
          region: "eu-1",
          prefix: "all/dev",
        },
        credentials: {
          accessKey: "access",
          secretKey: "secret-key-word",
          password: "a-word-of-at-least-twenty-characters",
        },
        retention: { last: 3, daily: 3, weekly: 0, monthly: 0 },
        schedules: {
          jenkins: "0 1 * * *",
          grafana: "15 1 * * *",
          harbor: "30 1 * * *",
          nexus: "0 2 * * *",
          elasticsearch: "0 4 * * *",
          etcd: "45 */6 * * *",
          gitlab: "30 2 * * *",
        },
        suspended: ["nexus"],
        staging: "20Gi",
        etcd: { endpoint: "https://10.0.0.1:2379", secret: "etcd-client" },
        gitlab: { host: "git.example.com", port: 22, user: "backup", secret: "gitlab-backup" },
      },
    },
  },
  backupSecret: {
    components: {
      backup: {
        repository: { endpoint: "https://s3.test", bucket: "platform-backup" },
        credentials: { secret: "backup-repository" },
        etcd: { endpoint: "https://10.0.0.1:2379", secret: "etcd-client" },
      },
    },
  },
};
