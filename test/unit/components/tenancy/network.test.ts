import assert from "node:assert/strict";
import { at, type Declared } from "../../../support/declare";
import { allowed, type Connection, type End } from "../../../support/network";
import { tenancy } from "../../../support/teams";

const database = { cidr: "10.20.0.0/16" };

describe("the network policies of a team", () => {
  let declared: Declared;
  before(async () => {
    declared = await tenancy({
      egress: [
        { ...database, ports: [3306, 6379], protocol: "TCP" },
        { cidr: "10.9.0.1/32", ports: [514], protocol: "UDP" },
      ],
      nodePortApps: ["shop"],
    });
  });

  const nodeLocalDns = { cidr: "169.254.20.10/32" };
  const inside = (namespace: string): End => ({ namespace });
  const cases: [
    title: string,
    direction: Connection["direction"],
    other: End,
    port: number | string,
    expected: boolean,
    protocol?: string,
  ][] = [
    ["a pod of the same team comes in", "ingress", inside("commerce-dev"), 9999, true],
    ["a pod of another team does not", "ingress", inside("content-dev"), "http", false],
    ["the gateway reaches the app's port", "ingress", inside("gateway"), "http", true],
    ["the gateway reaches no other port", "ingress", inside("gateway"), 9999, false],
    ["Prometheus reaches any port", "ingress", inside("monitoring"), 9113, true],
    ["Prometheus uses TCP only", "ingress", inside("monitoring"), 9113, false, "UDP"],
    ["nobody else of the cluster comes in", "ingress", inside("jenkins"), "http", false],
    ["nobody from outside comes in", "ingress", { cidr: "0.0.0.0/0" }, "http", false],
    ["a pod of the same team is called", "egress", inside("commerce-dev"), 9999, true],
    ["another team's pod is not called", "egress", inside("content-dev"), 8080, false],
    ["names are looked up over UDP", "egress", inside("kube-system"), 53, true, "UDP"],
    ["names are looked up over TCP", "egress", inside("kube-system"), 53, true],
    ["names are looked up at the node's own cache", "egress", nodeLocalDns, 53, true, "UDP"],
    ["and nothing else there", "egress", nodeLocalDns, 8080, false],
    ["nothing else of kube-system is called", "egress", inside("kube-system"), 443, false],
    ["other teams' apps are called by the gateway", "egress", inside("gateway"), 8000, true],
    ["and over HTTPS", "egress", inside("gateway"), 8443, true],
    ["Traefik's metrics are not", "egress", inside("gateway"), 9100, false],
    ["a configured range is called", "egress", database, 6379, true],
    ["on the configured ports only", "egress", database, 22, false],
    ["with the configured protocol", "egress", { cidr: "10.9.0.1/32" }, 514, true, "UDP"],
    ["and no other protocol", "egress", { cidr: "10.9.0.1/32" }, 514, false],
    ["the internet is not called", "egress", { cidr: "0.0.0.0/0" }, 443, false],
  ];
  it("nothing can connect to a worker", () => {
    const worker = { namespace: "commerce-dev", app: "mailer", worker: true } as const;
    for (const from of ["commerce-dev", "gateway", "monitoring"]) {
      const connection = { ...worker, direction: "ingress", other: inside(from) } as const;
      assert.equal(allowed(declared, { ...connection, port: "http" }), false);
    }
    const out = { ...worker, direction: "egress", other: database } as const;
    assert.equal(allowed(declared, { ...out, port: 3306 }), true);
  });

  for (const [title, direction, other, port, expected, protocol] of cases) {
    it(title, () => {
      const connection = { namespace: "commerce-dev", app: "cart", direction, other, port };
      assert.equal(allowed(declared, { ...connection, protocol }), expected);
    });
  }

  it("lets anyone reach an app's fixed port, and no other app's", () => {
    const connection = {
      namespace: "commerce-dev",
      direction: "ingress" as const,
      other: { cidr: "0.0.0.0/0" },
      port: "http",
    };
    assert.equal(allowed(declared, { ...connection, app: "shop" }), true);
    assert.equal(allowed(declared, { ...connection, app: "shop", port: 9999 }), false);
    assert.equal(allowed(declared, { ...connection, app: "cart" }), false);
  });

  it("never opens the metadata addresses, which return the node's credentials, within a larger range", async () => {
    const open = async (cidr: string) => {
      const opened = await tenancy({ egress: [{ cidr, ports: [80], protocol: "TCP" }] });
      const rules = at(opened.object("NetworkPolicy", "allow-egress"), "spec.egress") as {
        to: { ipBlock?: { cidr: string; except?: string[] } }[];
      }[];
      return rules.flatMap(({ to }) => to).find(({ ipBlock }) => ipBlock?.cidr === cidr)?.ipBlock;
    };
    const cases: [cidr: string, except?: string[]][] = [
      ["0.0.0.0/0", ["169.254.0.0/16", "100.100.100.200/32"]],
      ["100.64.0.0/10", ["100.100.100.200/32"]],
      ["::/0", ["fd00:ec2::254/128", "fd00:ec2::23/128", "fd20:ce::254/128"]],
      ["10.0.0.0/8"],
      // A reason was given for it.
      ["169.254.169.254/32"],
    ];
    for (const [cidr, except] of cases) {
      assert.deepEqual(await open(cidr), { cidr, ...(except && { except }) });
    }
  });

  it("follow from the team's own apps as well", async () => {
    const cache = { addresses: ["10.1.0.4"], port: 6379 };
    const apps = {
      shop: { team: "commerce", number: 7, externalServices: { cache } },
      news: { team: "content", externalServices: {} },
    };
    const opened = await tenancy({}, { apps });
    const connection = { app: "shop", namespace: "commerce-dev" };
    const call = { direction: "egress" as const, other: { cidr: "10.1.0.4/32" }, port: 6379 };
    assert.equal(allowed(opened, { ...connection, ...call }), true);
    assert.equal(allowed(opened, { app: "news", namespace: "content-dev", ...call }), false);
    const anyone = { direction: "ingress" as const, other: { cidr: "0.0.0.0/0" }, port: "http" };
    assert.equal(allowed(opened, { ...connection, ...anyone }), true);
    assert.equal(allowed(opened, { app: "news", namespace: "content-dev", ...anyone }), false);
  });

  it("opens for one team nothing that another one requested", () => {
    const connection = { app: "news", namespace: "content-dev" };
    const call = { ...connection, direction: "egress" as const, other: database, port: 3306 };
    assert.equal(allowed(declared, call), false);
    const come = { ...connection, direction: "ingress" as const, other: inside("commerce-dev") };
    assert.equal(allowed(declared, { ...come, port: "http" }), false);
  });

  it("are closed by a policy that allows nothing, which is declared after all others", () => {
    const closed = declared.object("NetworkPolicy", "default-deny");
    assert.deepEqual(at(closed, "spec"), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const { registrations } = declared;
    const named = (name: string) => registrations.find((entry) => entry.name === name);
    const openings = ["allow-ingress", "allow-egress", "allow-node-ports"];
    for (const opening of openings) {
      const urn = named(`commerce-dev-${opening}`)?.urn ?? "missing";
      assert.ok(named("commerce-dev-default-deny")?.dependencies.includes(urn), opening);
    }
  });

  it("are three if no app has a fixed port", () => {
    const names = declared.objects
      .filter(
        ({ kind, metadata }) => kind === "NetworkPolicy" && metadata.namespace === "content-dev",
      )
      .map(({ metadata }) => metadata.name);
    assert.deepEqual(names.sort(), ["allow-egress", "allow-ingress", "default-deny"]);
  });
});
