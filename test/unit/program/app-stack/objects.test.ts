import assert from "node:assert/strict";
import program from "../../../..";
import { parseStack } from "../../../../config";
import { record, type Recording } from "../../../../render/record";
import { at, collected } from "../../../support/declare";
import { platformName, platformConfig, shop, appConfig, app } from "./stacks";

describe("an app stack", () => {
  let platform: Recording;
  before(async () => {
    platform = await record(program, "online", platformConfig);
  });

  it("reads exactly what it needs from the platform stack's outputs", () => {
    assert.deepEqual(platform.outputs["platform"], {
      environment: "online",
      gateway: { name: "online", namespace: "gateway" },
      entrances: {
        hosts: { "platform:components.dashboard.host": "dashboard.platform.test" },
        nodePorts: {
          "platform:components.gateway.exposure.http": 30080,
          "platform:components.gateway.exposure.https": 30443,
        },
      },
      scheme: "http",
      namespaces: { commerce: "shops" },
      pullSecrets: {},
      podSecurity: { commerce: "restricted" },
      priorityClasses: { platform: "platform", apps: "apps" },
    });
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

  it("declares an app like a stack that contains platform and app", async () => {
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

  it("is scaled by requests if the platform stack counts them, and otherwise refused", async () => {
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

  it("allows connections to an app in the namespaces that it reads, and only if they are closed", async () => {
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

  it("uses the default names if the platform stack declares neither teams nor classes", async () => {
    const gateway = { name: "online", namespace: "gateway" };
    const { registrations } = await app({ environment: "online", gateway, namespaces: {} });
    const deployment = collected(registrations).object("Deployment", "shop-1-4-2");
    assert.equal(deployment.metadata.namespace, "commerce-online");
    assert.equal(at(deployment, "spec.template.spec.priorityClassName"), undefined);
  });

  it("declares no part of the platform, and does not belong to a branch", () => {
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
