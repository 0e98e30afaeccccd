import assert from "node:assert/strict";
import { Dashboard, type DashboardArgs } from "../../../components/dashboard";
import { at, declare, type Declared } from "../../support/declare";
import { partConfig } from "../../support/part-config";

function dashboard(values: Partial<DashboardArgs["config"]> = {}): Promise<Declared> {
  const config = partConfig("dashboard", values);
  const gateway = { name: "dev", namespace: "gateway" };
  return declare((provider) => {
    new Dashboard(
      "dashboard",
      { context: { environment: "dev" }, config, domain: "platform.test", gateway },
      { provider },
    );
  });
}

interface Container {
  image: string;
  args: string[];
  env: { name: string; value?: string; valueFrom?: object }[];
}

function container(declared: Declared): Container {
  const path = "spec.template.spec.containers";
  const [only] = at(declared.object("Deployment", "headlamp"), path) as Container[];
  assert.ok(only);
  return only;
}

describe("Dashboard", () => {
  it("is served behind the gateway, at its own host or below the stack's domain", async () => {
    const hosts = async (config: Partial<DashboardArgs["config"]>) =>
      at((await dashboard(config)).object("HTTPRoute", "dashboard"), "spec.hostnames");
    assert.deepEqual(await hosts({}), ["dashboard.platform.test"]);
    assert.deepEqual(await hosts({ host: "cluster.example.com" }), ["cluster.example.com"]);
    const [rule] = at((await dashboard()).object("HTTPRoute", "dashboard"), "spec.rules") as {
      backendRefs: { name: string; port: number }[];
    }[];
    const [backend] = rule?.backendRefs ?? [];
    const service = (await dashboard()).object("Service", "headlamp");
    const [port] = at(service, "spec.ports") as { port: number }[];
    assert.deepEqual([backend?.name, backend?.port], ["headlamp", port?.port]);
  });

  it("may only read, and sees neither Secrets nor logs", async () => {
    const role = (await dashboard()).object("ClusterRole", "dashboard-viewer");
    const rules = role["rules"] as Record<"apiGroups" | "resources" | "verbs", string[]>[];
    assert.ok(rules.length > 10);
    for (const { verbs, resources, apiGroups } of rules) {
      assert.deepEqual(
        verbs.filter((verb) => !["get", "list", "watch"].includes(verb)),
        [],
      );
      for (const hidden of ["secrets", "pods/log", "pods/exec", "*"]) {
        assert.equal(resources.includes(hidden), false, hidden);
      }
      assert.equal(apiGroups.includes("*"), false);
    }
  });

  it("is bound only to its own role, and in particular not to cluster-admin", async () => {
    const declared = await dashboard();
    assert.deepEqual(declared.names("ClusterRoleBinding"), ["dashboard-viewer"]);
    assert.equal(
      at(declared.object("ClusterRoleBinding", "dashboard-viewer"), "roleRef.name"),
      "dashboard-viewer",
    );
    assert.deepEqual(declared.names("Secret"), []);
  });

  it("never serves requests with its own account", async () => {
    const { args } = container(await dashboard());
    assert.ok(args.includes("-in-cluster"));
    assert.ok(!args.some((arg) => /unsafe|service-account/.test(arg)));
  });

  it("logs in at an identity provider, whose secret is in no argument", async () => {
    assert.deepEqual(container(await dashboard()).env, []);
    const { env, args } = container(
      await dashboard({
        oidc: {
          issuer: "https://login.example.com",
          clientId: "platform",
          secret: "dashboard-login",
          scopes: ["profile", "groups"],
        },
      }),
    );
    assert.deepEqual(env, [
      { name: "HEADLAMP_CONFIG_OIDC_CLIENT_ID", value: "platform" },
      {
        name: "HEADLAMP_CONFIG_OIDC_CLIENT_SECRET",
        valueFrom: { secretKeyRef: { name: "dashboard-login", key: "client-secret" } },
      },
      { name: "HEADLAMP_CONFIG_OIDC_IDP_ISSUER_URL", value: "https://login.example.com" },
      { name: "HEADLAMP_CONFIG_OIDC_SCOPES", value: "profile,groups" },
    ]);
    assert.ok(!args.some((arg) => arg.includes("oidc")));
  });

  it("has a budget if it has several pods", async () => {
    assert.deepEqual((await dashboard()).names("PodDisruptionBudget"), []);
    const declared = await dashboard({ replicas: 2 });
    assert.deepEqual(declared.names("PodDisruptionBudget"), ["headlamp"]);
  });
});
