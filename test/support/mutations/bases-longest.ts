import type { Values } from "./base";

const text = (letter: string, length: number) => letter.repeat(length);
const label = (letter: string) => text(letter, 63);
const host = [label("h"), label("i"), label("j"), text("k", 61)].join(".");
const name = (letter: string) => text(letter, 40);
const image = `${label("r")}.${label("r")}/${text("p", 60)}/${text("q", 60)}`;
const version = `1.${text("v", 98)}`;
const other = `2.${text("v", 98)}`;
const container = { image: "docker.io/library/proxy:1" };

/** Names and texts of the largest length, all at once, because names that combine two of them must be valid as well. */
export const longestBases: Record<string, Values> = {
  longest: {
    environment: "online",
    releases: { forcedCanary: false, checkRequired: false },
    secretStores: { [name("v")]: { keys: ["{team}/", `${text("w", 1023)}/`] } },
    nodeGroups: {
      [name("g")]: { labels: { [`${host}/${label("l")}`]: label("m") }, exclusive: true },
    },
    components: {
      placement: { nodeGroup: name("g") },
      storage: { existing: { [name("p")]: "shared" } },
      tenancy: {
        teams: {
          [name("t")]: {
            labels: { [`${host}/${label("l")}`]: label("m") },
            groups: { release: [text("x", 253)] },
            podSecurity: { level: "privileged", reason: text("y", 1000) },
          },
        },
      },
      gateway: {
        tls: { secret: name("s"), hostname: `*.${host.slice(host.indexOf(".") + 1)}` },
        exposure: {
          type: "LoadBalancer",
          annotations: { [`${host}/${label("l")}`]: text("z", 5000) },
        },
        middlewares: {},
      },
      autoscaling: { keda: { prometheus: `http://${host}:9090` } },
    },
    apps: {
      [name("a")]: {
        team: name("t"),
        domain: host,
        image,
        number: 767,
        nodeGroup: name("g"),
        allow: ["10.0.0.0/8"],
        env: { [text("E", 300)]: text("e", 10_000) },
        secretEnv: { [text("F", 300)]: { secret: name("s"), key: text("k", 253) } },
        configFiles: { [`/${text("d", 255)}/${text("f", 246)}`]: text("c", 1000) },
        secretFiles: { [`/${text("s", 255)}`]: name("s") },
        logDirectories: { accesslogs: `/${text("n", 255)}` },
        externalServices: {
          [text("u", 22)]: { host },
          [text("w", 22)]: { addresses: ["10.0.0.1"], port: 65_535 },
        },
        scaling: { min: 1, max: 3, requestsPerSecond: 0.1 },
        migrate: { command: ["migrate"], contract: "1.0" },
        volumes: {
          [name("q")]: { path: `/${text("q", 255)}`, storageClass: name("p"), size: "1Ti" },
          [name("r")]: {
            path: `/${text("r", 255)}`,
            storageClass: name("p"),
            size: "1Ti",
            per: "pod",
          },
        },
        externalSecrets: {
          [name("s")]: {
            store: name("v"),
            data: {
              [text("k", 253)]: { key: `${name("t")}/${text("k", 983)}`, version: text("v", 1024) },
            },
          },
        },
        sidecars: { [name("c")]: container },
        initContainers: [{ ...container, name: name("d") }],
        stable: { version },
        canary: { version: other, revision: 2 ** 53 - 1, weight: 1 },
      },
    },
  },
  longestIngress: {
    environment: "online",
    releases: { forcedCanary: false, checkRequired: false },
    components: { tenancy: { teams: { [name("t")]: {} } }, gateway: {} },
    apps: {
      [name("a")]: {
        team: name("t"),
        domain: host,
        image,
        ingress: { className: name("i"), tlsSecret: name("s") },
        stable: { version, revision: 2 ** 53 - 1 },
      },
    },
  },
  longestBranch: {
    environment: "test",
    branch: text("B", 200),
    releases: { forcedCanary: false, checkRequired: false },
    components: { tenancy: { teams: { [name("t")]: {} } } },
    apps: {
      [name("a")]: {
        team: name("t"),
        domain: `${text("d", 47)}.platform.test`,
        image,
        stable: { version },
      },
    },
  },
  longestNames: {
    environment: "online",
    domain: host.slice(16),
    components: {
      storage: {
        existing: { [name("b")]: "block" },
        nfs: { exports: { [name("n")]: { server: host, share: `/${text("s", 1000)}` } } },
      },
      tenancy: { teams: { [name("t")]: {} } },
      gateway: {},
      registry: {
        caBundle: name("c"),
        storage: { type: "s3", bucket: text("b", 63), secret: name("s") },
        database: { type: "external", host, secret: name("s") },
        redis: { type: "external", host, secret: name("s") },
      },
      artifacts: {
        storage: { class: name("b") },
        blobStores: [name("m"), "maven2"],
        repositories: { [name("r")]: { format: "maven2", type: "hosted" } },
      },
      ci: {
        repository: { url: `https://${host}/x.git`, secret: name("s") },
        stacks: { online: { stack: text("s", 100) } },
        storageClass: name("b"),
        caBundle: name("c"),
        backup: { target: { type: "volume", storageClass: name("b") } },
      },
      logging: {
        storageClass: name("b"),
        tlsSecret: name("l"),
        otherApps: { [name("o")]: `${label("o")}.test` },
      },
      monitoring: {
        storageClass: name("b"),
        alertRoutes: { heartbeat: { secret: name("s"), key: text("k", 253) } },
      },
      dashboard: {
        oidc: { issuer: `https://${host}`, clientId: text("i", 500), secret: name("s") },
      },
      tracing: { tempo: { storageClass: name("b") } },
      backup: {
        repository: { endpoint: `https://${host}`, bucket: text("b", 63), prefix: text("p", 500) },
        credentials: { secret: name("s") },
      },
    },
    apps: {
      [name("a")]: { team: name("t"), domain: host, repository: `https://${host}/x.git`, image },
    },
  },
};
