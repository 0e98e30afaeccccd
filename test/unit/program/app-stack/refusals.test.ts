import assert from "node:assert/strict";
import program from "../../../..";
import { record, type Recording } from "../../../../render/record";
import { platformConfig, shop, appConfig, app } from "./stacks";

describe("an app stack", () => {
  let platform: Recording;
  before(async () => {
    platform = await record(program, "online", platformConfig);
  });

  it("is refused at preview if its team lacks permissions", async () => {
    const logging = { ...shop, logDirectories: { accesslogs: "/logs" } };
    await assert.rejects(
      app(platform.outputs["platform"], { ...appConfig, "platform:apps": { shop: logging } }),
      /shop\.logDirectories: .* team "commerce" of the platform stack has Pod Security "restricted"/,
    );
  });

  for (const limit of [
    { allow: ["10.0.0.0/8"] },
    { maxBodySize: "10Mi" },
    { rateLimit: { perSecond: 10 } },
  ]) {
    const [key = ""] = Object.keys(limit);
    it(`is refused with its key if the gateway cannot check requests: ${key}`, async () => {
      const apps = { shop: { ...shop, ...limit } };
      const config = { ...appConfig, "platform:apps": apps };
      const facts = platform.outputs["platform"] as { gateway: object };
      await assert.rejects(
        app(facts, config),
        new RegExp(
          `platform:apps\\.shop\\.${key}: expected none, because the platform stack has no `,
        ),
      );
      const gateway = { ...facts.gateway, clients: { forwardedBy: [] } };
      await app({ ...facts, gateway }, config);
    });
  }

  it("is refused with its key if the platform's HTTPS does not serve a host", async () => {
    const facts = platform.outputs["platform"] as object;
    const apps = { shop: { ...shop, hosts: ["www.elsewhere.test"] } };
    const hostname = shop.domain.replace(/^[^.]*/, "*");
    await assert.rejects(
      app({ ...facts, hostname }, { ...appConfig, "platform:apps": apps }),
      /platform:apps\.shop\.hosts\[0\]: expected a host that platform:components\.gateway\.tls\.hostname of the platform stack \(\*\.\S+\) serves, got "www\.elsewhere\.test"/,
    );
    await app({ ...facts, hostname }, appConfig);
  });

  it("is refused with its key if a web UI of the platform has the host, at any path", async () => {
    const facts = platform.outputs["platform"] as object;
    const host = "dashboard.platform.test";
    const used = `expected a host name that nothing else uses, got "${host}", which platform:components.dashboard.host of the platform stack uses`;
    const stacks: [key: string, app: object][] = [
      ["domain", { ...shop, domain: host }],
      ["hosts[1]", { ...shop, hosts: ["www.platform.test", host], paths: ["/login"] }],
      ["hosts[0]", { ...shop, hosts: [host], stable: undefined }],
    ];
    for (const [key, own] of stacks) {
      const config = { ...appConfig, "platform:apps": { shop: own } };
      await assert.rejects(app(facts, config), ({ message }: Error) =>
        message.endsWith(`\n  platform:apps.shop.${key}: ${used}`),
      );
      // A platform stack of an older program does not say what it uses.
      await app({ ...facts, entrances: undefined }, config);
    }
  });

  it("is refused with its key if the platform's gateway has the fixed port", async () => {
    const facts = platform.outputs["platform"] as object;
    const config = { ...appConfig, "platform:apps": { shop: { ...shop, number: 80 } } };
    const nodePorts = { "platform:components.gateway.exposure.http": 32_080 };
    await assert.rejects(
      app({ ...facts, entrances: { hosts: {}, nodePorts } }, config),
      /platform:apps\.shop\.number: expected a node port that nothing else uses, got 32080, which platform:components\.gateway\.exposure\.http of the platform stack uses/,
    );
    await app(facts, config);
  });

  it("is refused with its key if the gateway has no HTTPS for the certificate of an Ingress", async () => {
    const facts = platform.outputs["platform"] as object;
    const apps = { shop: { ...shop, ingress: { tlsSecret: "shop-tls" } } };
    const config = { ...appConfig, "platform:apps": apps };
    await assert.rejects(
      app(facts, config),
      /platform:apps\.shop\.ingress\.tlsSecret: expected none without platform:components\.gateway\.tls of the platform stack, because the gateway serves only HTTP, got "shop-tls"; set/,
    );
    await app({ ...facts, scheme: "https" }, config);
  });

  it("is refused if the platform's Jenkins builds nothing from an app's host", async () => {
    const facts = platform.outputs["platform"] as object;
    const elsewhere = { ...shop, repository: "https://elsewhere.test/shop.git" };
    const configOf = (own: object) => ({ ...appConfig, "platform:apps": { shop: own } });
    const config = configOf(elsewhere);
    // An app has a pipeline before its first release.
    for (const own of [elsewhere, { ...elsewhere, stable: undefined }]) {
      await assert.rejects(
        app({ ...facts, repositoryHosts: ["git.test"] }, configOf(own)),
        /platform:apps\.shop\.repository: expected a repository on git\.test, got one on elsewhere\.test; list this host in platform:components\.ci\.repositoryHosts of the platform stack /,
      );
    }
    await app({ ...facts, repositoryHosts: ["git.test", "elsewhere.test"] }, config);
    // A platform stack of an older program, or one without Jenkins, says nothing of hosts.
    await app({ ...facts, repositoryHosts: undefined }, config);
  });

  it("is refused with its key if the platform's store does not permit what it reads", async () => {
    const facts = (secretStores?: object) => ({
      ...(platform.outputs["platform"] as object),
      secretStores,
    });
    const login = { store: "vault", data: { password: { key: "content/database" } } };
    const config = (store: object) => ({
      ...appConfig,
      "platform:secretStores": { vault: store },
      "platform:apps": { shop: { ...shop, externalSecrets: { login } } },
    });
    const open = config({ keys: [""] });
    await assert.rejects(
      app(facts({ vault: { kind: "ClusterSecretStore", keys: ["{team}/"] } }), open),
      /shop\.externalSecrets\.login\.data\.password\.key: expected a key that starts with commerce\/ \(platform:secretStores\.vault\.keys of the platform stack\), got "content\/database"/,
    );
    const others = {
      other: { kind: "ClusterSecretStore", keys: [""] },
      vault: { kind: "SecretStore" },
    };
    await assert.rejects(
      app(facts(others), open),
      /platform:secretStores\.vault: expected a ClusterSecretStore of the platform stack \(other\), got "vault"; add it with its keys to platform:secretStores of the platform stack/,
    );
    await app(facts(others), config({ kind: "SecretStore" }));
    await app(facts({ vault: { kind: "ClusterSecretStore", keys: ["content/"] } }), open);
    // A platform stack of an older program says nothing of its stores, and one before `keys` nothing of the keys.
    await app(facts(), open);
    await app(facts({ vault: { kind: "ClusterSecretStore" } }), open);
  });

  it("reads the stores of its platform", async () => {
    const secretStores = { vault: { keys: ["{team}/"] } };
    const config = { ...platformConfig, "platform:secretStores": secretStores };
    const { outputs } = await record(program, "online", config);
    assert.deepEqual((outputs["platform"] as { secretStores: object }).secretStores, {
      vault: { kind: "ClusterSecretStore", keys: ["{team}/"] },
    });
    assert.equal("secretStores" in (platform.outputs["platform"] as object), false);
  });

  it("is refused if the platform has no such class for a volume", async () => {
    const uploads = { path: "/srv/uploads", storageClass: "disks", size: "20Gi" };
    const config = { ...appConfig, "platform:apps": { shop: { ...shop, volumes: { uploads } } } };
    const facts = (storageClasses?: object) => ({
      ...(platform.outputs["platform"] as object),
      storageClasses,
    });
    await assert.rejects(
      app(facts({ block: ["disks"], shared: ["files"] }), config),
      /shop\.volumes\.uploads\.storageClass: expected a shared class of the platform stack \(files\), got "disks"/,
    );
    await app(facts({ block: [], shared: ["disks"] }), config);
    // A platform stack of an older program, or one that declares no classes, says nothing of them.
    await app(facts(), config);
  });

  const facts = {
    environment: "online",
    gateway: { name: "online", namespace: "gateway" },
    namespaces: { content: "content-online" },
  };
  const refusals: [why: string, platform: unknown, message: RegExp][] = [
    ["never updated", undefined, /which has no output "platform": it was never updated/],
    [
      "of another environment, without the app's team",
      { ...facts, environment: "dev" },
      /Platform stack organization\/platform\/online does not fit this stack; nothing was changed\.\n {2}platform:environment: expected the platform stack's, dev, got "online"\n {2}platform:apps\.shop\.team: expected a team of the platform stack \(content\), got "commerce"$/,
    ],
    [
      "of a program that this one does not know",
      { environment: "online", namespaces: {} },
      /The output "platform" of organization\/platform\/online does not have the form that this program expects \(gateway: /,
    ],
  ];
  for (const [why, output, message] of refusals) {
    it(`is refused when the platform stack is ${why}`, async () => {
      await assert.rejects(app(output), message);
    });
  }

  it("is refused if the platform stack does not exist, or is the stack itself", async () => {
    await assert.rejects(
      app({}, appConfig, "organization/platform/other"),
      /platform:platformStack names organization\/platform\/online, whose outputs cannot be read: .*unknown stack/,
    );
    const own = { ...appConfig, "platform:platformStack": "organization/platform/shop.online" };
    await assert.rejects(app({}, own), /which is this stack itself/);
  });
});
