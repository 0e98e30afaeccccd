import assert from "node:assert/strict";
import program from "../../..";
import { parseStack } from "../../../config";
import { record, type Recording, type World } from "../../../render/record";
import { at, collected } from "../../support/declare";

const platformName = "organization/platform/online";

const base = {
  "platform:environment": "online",
  "platform:domain": "platform.test",
  "platform:cluster": { kubeconfig: "none", context: "none" },
  "platform:releases": { forcedCanary: false },
};

const platformConfig = {
  ...base,
  "platform:components": {
    placement: {},
    tenancy: { teams: { commerce: { namespace: "shops" } } },
    gateway: {},
  },
};

const shop = {
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
  stable: { version: "1.4.2" },
};

const appConfig = {
  ...base,
  "platform:platformStack": platformName,
  "platform:apps": { shop },
};

function app(
  platform: unknown,
  config: Record<string, unknown> = appConfig,
  name = platformName,
): Promise<Recording> {
  const world: World = { stackOutputs: { [name]: { platform } } };
  return record(program, "shop.online", config, world);
}

describe("an app stack", () => {
  let platform: Recording;
  before(async () => {
    platform = await record(program, "online", platformConfig);
  });

  it("finds in the platform stack's outputs what it needs, and no more", () => {
    assert.deepEqual(platform.outputs["platform"], {
      environment: "online",
      gateway: { name: "online", namespace: "gateway" },
      scheme: "http",
      namespaces: { commerce: "shops" },
      pullSecrets: {},
      podSecurity: { commerce: "restricted" },
      priorityClasses: { platform: "platform", apps: "apps" },
    });
  });

  it("is refused at preview where its team may not do what it needs", async () => {
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
    it(`is refused with its key where the gateway cannot check requests: ${key}`, async () => {
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

  it("is refused with its key where the platform's HTTPS does not serve a host", async () => {
    const facts = platform.outputs["platform"] as object;
    const apps = { shop: { ...shop, hosts: ["www.elsewhere.test"] } };
    const hostname = shop.domain.replace(/^[^.]*/, "*");
    await assert.rejects(
      app({ ...facts, hostname }, { ...appConfig, "platform:apps": apps }),
      /platform:apps\.shop\.hosts\[0\]: expected a host that platform:components\.gateway\.tls\.hostname of the platform stack \(\*\.\S+\) serves, got "www\.elsewhere\.test"/,
    );
    await app({ ...facts, hostname }, appConfig);
  });

  it("is refused where the platform has no such class for a volume", async () => {
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

  it("declares its apps and nothing of the platform", async () => {
    const { registrations, outputs } = await app(platform.outputs["platform"]);
    const kinds = new Set(collected(registrations).objects.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), [
      "Deployment",
      "HTTPRoute",
      "HorizontalPodAutoscaler",
      "PodDisruptionBudget",
      "Service",
    ]);
    assert.deepEqual(Object.keys(outputs).sort(), ["apps", "releases"]);
  });

  it("declares an app as a stack does that has platform and app in one", async () => {
    const two = collected((await app(platform.outputs["platform"])).registrations);
    const one = await record(program, "online", {
      ...platformConfig,
      "platform:apps": { shop },
    });
    const names = new Set(two.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    const same = collected(one.registrations).objects.filter(({ kind, metadata }) =>
      names.has(`${kind} ${metadata.name}`),
    );
    assert.ok(same.length >= 5);
    assert.deepEqual(two.objects, same);
  });

  it("uses the namespace, the gateway and the classes that it reads", async () => {
    const { registrations, outputs } = await app({
      environment: "online",
      gateway: { name: "other", namespace: "entrance" },
      scheme: "https",
      namespaces: { commerce: "elsewhere" },
      pullSecrets: { commerce: "pull" },
      requestScaling: { prometheus: "http://prometheus.test:9090" },
      tracesEndpoint: "http://traces.test:4318",
      priorityClasses: { platform: "b", apps: "c" },
      later: "a newer program's",
    });
    const declared = collected(registrations);
    const deployment = declared.object("Deployment", "shop-1-4-2");
    assert.equal(deployment.metadata.namespace, "elsewhere");
    assert.equal(at(deployment, "spec.template.spec.priorityClassName"), "c");
    assert.deepEqual(at(deployment, "spec.template.spec.imagePullSecrets"), [{ name: "pull" }]);
    const [container] = at(deployment, "spec.template.spec.containers") as object[];
    assert.match(JSON.stringify(at(container!, "env")), /http:\/\/traces\.test:4318/);
    const [parent] = at(declared.object("HTTPRoute", "shop"), "spec.parentRefs") as object[];
    assert.deepEqual([at(parent!, "name"), at(parent!, "namespace")], ["other", "entrance"]);
    const apps = outputs["apps"] as { shop: { namespace: string; url: string } };
    assert.equal(apps.shop.namespace, "elsewhere");
    assert.equal(apps.shop.url, "https://shop.platform.test/");
  });

  it("is scaled by requests where the platform stack counts them, and refused where not", async () => {
    const gateway = { name: "online", namespace: "gateway" };
    const counted = {
      ...appConfig,
      "platform:apps": { shop: { ...shop, scaling: { requestsPerSecond: 20 } } },
    };
    const platformFacts = { environment: "online", gateway, namespaces: {} };
    const { registrations } = await app(
      { ...platformFacts, requestScaling: { prometheus: "http://prometheus.test:9090" } },
      counted,
    );
    const scaled = collected(registrations).object("ScaledObject", "shop-1-4-2");
    assert.match(JSON.stringify(scaled), /http:\/\/prometheus\.test:9090/);
    await assert.rejects(
      app(platformFacts, counted),
      /platform:apps\.shop\.scaling\.requestsPerSecond: expected none, because the platform stack has no KEDA/,
    );
  });

  it("opens the way to an app in the namespaces that it reads, and only where they are closed", async () => {
    const gateway = { name: "online", namespace: "gateway" };
    const news = { ...shop, team: "content", domain: "news.platform.test" };
    const config = {
      ...appConfig,
      "platform:apps": { shop: { ...shop, calls: ["content/news"] }, news },
    };
    const policies = async (namespaces: Record<string, string>) => {
      const { registrations } = await app({ environment: "online", gateway, namespaces }, config);
      return collected(registrations)
        .objects.filter(({ kind }) => kind === "NetworkPolicy")
        .map(({ metadata: { namespace, name } }) => `${namespace} ${name}`);
    };
    assert.deepEqual(await policies({ commerce: "shops", content: "papers" }), [
      "papers news.from.commerce.shop",
      "shops shop.calls",
    ]);
    // A first policy would restrict pods that are open to all.
    assert.deepEqual(await policies({}), []);
  });

  it("takes usual names where the platform stack declares neither teams nor classes", async () => {
    const gateway = { name: "online", namespace: "gateway" };
    const { registrations } = await app({ environment: "online", gateway, namespaces: {} });
    const deployment = collected(registrations).object("Deployment", "shop-1-4-2");
    assert.equal(deployment.metadata.namespace, "commerce-online");
    assert.equal(at(deployment, "spec.template.spec.priorityClassName"), undefined);
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
      /The output "platform" of organization\/platform\/online is not as this program knows it \(gateway: /,
    ],
  ];
  for (const [why, output, message] of refusals) {
    it(`is refused when the platform stack is ${why}`, async () => {
      await assert.rejects(app(output), message);
    });
  }

  it("is refused when the platform stack is not there, or is the stack itself", async () => {
    await assert.rejects(
      app({}, appConfig, "organization/platform/other"),
      /platform:platformStack names organization\/platform\/online, whose outputs cannot be read: .*unknown stack/,
    );
    const own = { ...appConfig, "platform:platformStack": "organization/platform/shop.online" };
    await assert.rejects(app({}, own), /which is this stack itself/);
  });

  it("declares no part of the platform, and is no branch's", () => {
    const values = {
      environment: "test",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
    };
    const errors = (more: object) => {
      try {
        parseStack("shop.test", { ...values, ...more });
      } catch (error) {
        return error instanceof Error ? error.message.split("\n").slice(1) : [];
      }
      return [];
    };
    const platformStack = platformName;
    assert.deepEqual(errors({ platformStack }), []);
    assert.deepEqual(errors({ platformStack, components: { placement: {} }, branch: "x" }), [
      '  platform:components.placement: expected no components next to platform:platformStack "organization/platform/online", which declares them, got placement',
      '  platform:branch: expected no branch next to platform:platformStack, got "x"; that stack does not declare the namespaces of a branch',
    ]);
    assert.deepEqual(errors({ platformStack: "online" }), [
      '  platform:platformStack: expected a stack with its organization and project, for example organization/platform/prod, got "online"',
    ]);
  });

  it("has its node port opened by the platform stack's teams", async () => {
    const { registrations } = await record(program, "online", {
      ...platformConfig,
      "platform:components": { tenancy: { teams: { commerce: { nodePortApps: ["shop"] } } } },
    });
    const policy = collected(registrations).object("NetworkPolicy", "allow-node-ports");
    assert.deepEqual(at(policy, "spec.podSelector.matchExpressions"), [
      { key: "app.kubernetes.io/name", operator: "In", values: ["shop"] },
    ]);
  });
});
