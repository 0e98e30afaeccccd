import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  InvalidConfig,
  parseStack,
  platformFacts,
  type PlatformFacts,
  type StackConfig,
} from "../../../../config";
import { packagesOf, type RoutedPackage } from "../../../../program/charts";
import { platformStackOutput } from "../../../../program/platform-stack";

const gatewayApi = "gateway.networking.k8s.io/v1";
const ingressApi = "networking.k8s.io/v1";
const object = (apiVersion: string, kind: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: { name: "own" },
  spec,
});
const route = (...hostnames: string[]) => object(gatewayApi, "HTTPRoute", { hostnames });
const ingress = (...hosts: string[]) =>
  object(ingressApi, "Ingress", { rules: hosts.map((host) => ({ host })) });

describe("the routes and Services of a package", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "routes-"));
    mkdirSync(join(folder, "yaml"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Returns a platform stack with a package. */
  function stackOf(team = "content"): StackConfig {
    return parseStack("prod", {
      environment: "online",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      releases: { forcedCanary: false, checkRequired: false },
      components: {
        dashboard: {},
        tenancy: { teams: { commerce: {}, content: {} } },
        manifests: { own: { folder: "yaml", ...(team && { team }) } },
      },
      apps: {
        shop: {
          team: "commerce",
          domain: "shop.platform.test",
          image: "harbor.platform.test/shop/shop",
          stable: { version: "1.4.2" },
        },
      },
    });
  }

  /** Returns the package with one object. */
  function packages(content: object, team?: string): RoutedPackage[] {
    writeFileSync(join(folder, "yaml/object.yaml"), stringify(content));
    return packagesOf("prod", stackOf(team), folder);
  }

  function errors(...args: Parameters<typeof packages>): string[] {
    try {
      packages(...args);
      return [];
    } catch (error) {
      assert.ok(error instanceof InvalidConfig);
      return error.errors.map(({ key, message }) => `${key}: ${message}`);
    }
  }
  const key = "platform:components.manifests.own";
  const used = (host: string, owner: string) =>
    `${key}: expected a host name that nothing else uses, got "${host}", which ${owner} uses`;

  it("serve no host of an app or a web UI of the stack, in any namespace", () => {
    const shop = used("shop.platform.test", "platform:apps.shop.domain");
    const dashboard = used("dashboard.platform.test", "platform:components.dashboard.host");
    for (const team of ["content", "commerce", ""]) {
      assert.deepEqual(errors(route("new.platform.test", "shop.platform.test"), team), [shop]);
      assert.deepEqual(errors(ingress("dashboard.platform.test"), team), [dashboard]);
    }
    assert.deepEqual(
      packages(route("new.platform.test")).map(({ hosts }) => hosts),
      [[{ key, host: "new.platform.test" }]],
    );
  });

  it("serve no host of an app of another stack on the platform", () => {
    const config = {
      "platform:platformStack": "organization/platform/prod",
      "platform:apps": { cart: { team: "commerce", hosts: ["cart.platform.test"] } },
    };
    writeFileSync(join(folder, "Pulumi.carts.yaml"), stringify({ config }));
    assert.deepEqual(errors(route("cart.platform.test")), [
      used("cart.platform.test", "app cart of stack carts"),
    ]);
  });

  it("serve hosts that app stacks read, so that no app there has them either", () => {
    const { platform } = platformStackOutput(stackOf(), {
      packages: [
        ...packages(route("new.platform.test", "www.platform.test")),
        ...packages(route(), ""),
      ],
      gateway: { name: "online", namespace: "gateway" },
      scheme: "https",
    });
    const { hosts } = (platform as PlatformFacts).entrances ?? { hosts: {} };
    assert.deepEqual(
      Object.entries(hosts).filter(([from]) => from.startsWith(key)),
      ["new.platform.test", "www.platform.test"].map((host) => [`${key} (${host})`, host]),
    );
    assert.ok(platformFacts.safeParse(platform).success);
  });

  it("are refused for a team if they could get other teams' requests", () => {
    const hosts =
      /: expected routes of a team with whole host names, got .* content-online\/own; .* name each host$/;
    const kinds = /: expected routes of a team as HTTPRoutes or Ingresses, got /;
    const cases: [content: object, error: RegExp][] = [
      [route(), hosts],
      [route("*.platform.test"), hosts],
      [object(gatewayApi, "GRPCRoute", {}), hosts],
      [object(ingressApi, "Ingress", { defaultBackend: {} }), hosts],
      [object(ingressApi, "Ingress", { rules: [{}] }), hosts],
      [object(gatewayApi, "Gateway", {}), kinds],
      [object("traefik.io/v1alpha1", "IngressRoute", {}), kinds],
      [
        object("v1", "Service", { ports: [{ port: 443 }], externalIPs: ["10.0.0.1"] }),
        /: expected no Service with externalIPs, got Service content-online\/own; /,
      ],
    ];
    for (const [content, error] of cases) {
      const [found = "none", ...more] = errors(content);
      assert.match(found, error);
      assert.deepEqual(more, []);
      // The operators' own packages: a preview reports them as dangers.
      assert.deepEqual(errors(content, ""), []);
    }
    assert.deepEqual(errors(object("v1", "Service", { ports: [{ port: 443 }] })), []);
  });
});
