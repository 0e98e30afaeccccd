import assert from "node:assert/strict";
import { InvalidConfig, pageHosts, parseStack, teamByNamespace } from "../../../config";
import { otherParts } from "../../../components/monitoring";
import { ruleArgs } from "../../../components/monitoring/monitored";
import type { RuleArgs } from "../../../components/monitoring/rules/args";

const path = "platform:components.monitoring";

function stackWith(monitoring: object) {
  return parseStack("dev", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: {
      tenancy: { teams: { commerce: {}, content: {} } },
      storage: { existing: { block: "block", files: "shared" } },
      monitoring,
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

function errorsOf(monitoring: object): string[] {
  try {
    stackWith(monitoring);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

describe("config of the monitoring", () => {
  it("is small by default", () => {
    const { monitoring } = stackWith({}).components;
    assert.equal(monitoring?.prometheus.replicas, 1);
    assert.equal(monitoring.prometheus.retention, 15 * 86_400);
    assert.equal(monitoring.alertmanager.replicas, 1);
    assert.deepEqual(monitoring.alertRoutes, { default: [], teams: {} });
    assert.ok(Object.values(monitoring.controlPlane).every(({ enabled }) => enabled));
  });

  const credential =
    "expected {secret, key} with a Secret of namespace monitoring, or {value}, got another value (not shown)";
  const cases: [what: string, monitoring: object, message: string][] = [
    [
      "a team that does not exist",
      {
        alertRoutes: {
          teams: { comerce: [{ type: "webhook", url: { secret: "chat", key: "url" } }] },
        },
      },
      `${path}.alertRoutes.teams.comerce: expected a team of platform:components.tenancy.teams (commerce, content), got "comerce"`,
    ],
    [
      "a host that an app has",
      { pages: { grafana: "shop.platform.test" } },
      `platform:apps.shop.domain: expected a host name that nothing else uses, got "shop.platform.test", which ${path}.pages.grafana uses`,
    ],
    [
      "a page that is neither",
      { pages: { prometheus: true } },
      `${path}.pages.prometheus: expected a host name in lower case, or false, got true`,
    ],
    [
      "an address without a port",
      { controlPlane: { etcd: { addresses: ["10.0.0.1"] } } },
      `${path}.controlPlane.etcd.addresses[0]: expected a host or an address with a port, for example 10.0.0.1:2379, got "10.0.0.1"`,
    ],
    [
      "an unknown key of the control plane",
      { controlPlane: { etcd: { prot: 2379 } } },
      `${path}.controlPlane.etcd.prot: expected one of the keys addresses, credentials, enabled, podLabels, port, scheme, tls, got "prot"; did you mean "port"?`,
    ],
    [
      "mail without a server",
      { alertRoutes: { default: [{ type: "email", to: "ops@example.com" }] } },
      `${path}.alertRoutes.default[0].type: expected a mail server in alertRoutes.mail for a receiver of type email, got none`,
    ],
    [
      "the platform team as one of the others",
      {
        alertRoutes: {
          teams: { platform: [{ type: "webhook", url: { secret: "chat", key: "url" } }] },
        },
      },
      `${path}.alertRoutes.teams.platform: expected another team's name, got the platform team's; move its receivers to alertRoutes.default`,
    ],
    [
      "a class that is not for time series",
      { storageClass: "files" },
      `${path}.storageClass: expected a block class (block), got "files", which is a shared class`,
    ],
    [
      "no replica",
      { prometheus: { replicas: 0 } },
      `${path}.prometheus.replicas: expected an integer from 1 to 4, got 0`,
    ],
    [
      "a credential as plain text, without showing it",
      { alertRoutes: { heartbeat: "https://alarm.test/very-secret" } },
      `${path}.alertRoutes.heartbeat: ${credential}`,
    ],
    [
      "half a credential, without showing it",
      { alertRoutes: { heartbeat: { key: "very-secret" } } },
      `${path}.alertRoutes.heartbeat: ${credential}`,
    ],
  ];
  for (const [what, monitoring, message] of cases) {
    it(`refuses ${what}`, () => {
      const errors = errorsOf(monitoring);
      assert.ok(errors.includes(message), errors.join("\n"));
      assert.doesNotMatch(errors.join("\n"), /very-secret/);
    });
  }
});

describe("hosts of the monitoring's pages", () => {
  it("are below the stack's domain unless they are configured or disabled", () => {
    assert.deepEqual(pageHosts({ pages: {} }, "platform.test"), {
      grafana: "grafana.platform.test",
      prometheus: "prometheus.platform.test",
      alertmanager: "alertmanager.platform.test",
    });
    const pages = { prometheus: "p.example.com", alertmanager: false } as const;
    assert.deepEqual(pageHosts({ pages }, "platform.test"), {
      grafana: "grafana.platform.test",
      prometheus: "p.example.com",
    });
  });
});

/** Returns what the rules of a stack are about. */
function ruleArgsOf(stack: ReturnType<typeof stackWith>): RuleArgs {
  const { monitoring: config } = stack.components;
  assert.ok(config);
  const parts = otherParts(stack.components);
  return ruleArgs({ config, owners: teamByNamespace(stack), parts });
}

describe("the monitored parts of a stack", () => {
  it("include the namespaces of every team, with the objective of all apps", () => {
    assert.deepEqual(ruleArgsOf(stackWith({ objective: 0.99 })), {
      objective: 0.99,
      owners: { "commerce-dev": "commerce", "content-dev": "content" },
      runbooks: "docs/runbooks",
      parts: { kubelet: true, dns: true, etcd: true },
    });
  });

  it("do not include etcd and kubelets if they are not scraped", () => {
    const disabled = { enabled: false };
    const stack = stackWith({ controlPlane: { etcd: disabled, kubelet: disabled } });
    assert.deepEqual(ruleArgsOf(stack).parts, {
      kubelet: false,
      dns: true,
      etcd: false,
    });
  });
});
