/** A config that uses most settings of an app. */
export const small = {
  environment: "dev",
  domain: "platform.test",
  cluster: { kubeconfig: "none", context: "none" },
  releases: { forcedCanary: false },
  nodeGroups: { fast: { labels: { disk: "ssd" }, exclusive: true } },
  components: {
    placement: { nodeGroup: "fast" },
    tenancy: {
      teams: {
        commerce: {
          groups: { release: ["commerce-leads"] },
          egress: [{ cidr: "10.0.0.0/8", ports: [443] }],
          podSecurity: { level: "privileged", reason: "logs" },
        },
      },
    },
    gateway: { replicas: 2 },
  },
  apps: {
    shop: {
      team: "commerce",
      domain: "shop.platform.test",
      image: "harbor.platform.test/shop/shop",
      number: 7,
      nodeGroup: "fast",
      env: { LOG_LEVEL: "debug" },
      secretEnv: { PASSWORD: { secret: "shop", key: "password" } },
      configFiles: { "/etc/shop/shop.yaml": "currency: EUR" },
      secretFiles: { "/etc/shop/keys": "shop-keys" },
      logDirectories: { accesslogs: "/var/log/shop" },
      externalServices: {
        pay: { host: "pay.example.com" },
        db: { addresses: ["10.0.0.1"], port: 3306 },
      },
      hostAliases: { "10.0.0.2": ["erp.example.com"] },
      probes: { readiness: { path: "/ready" } },
      sidecars: { proxy: { image: "docker.io/library/proxy:1" } },
      initContainers: [{ name: "migrate", image: "docker.io/library/migrate:1" }],
      scaling: { min: 1, max: 3, memory: 80 },
      stable: { version: "1.4.2" },
      canary: { version: "1.5.0", weight: 10 },
    },
  },
};
