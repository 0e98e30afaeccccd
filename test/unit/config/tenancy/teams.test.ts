import assert from "node:assert/strict";
import { namespaceOf, parseStack, teamsOf } from "../../../../config";
import { type Fields, app, config, errorsOf, commerce } from "./teams";

describe("the config of teams", () => {
  it("needs nothing but a name", () => {
    const stack = parseStack("dev", config({ commerce: {} }));
    assert.deepEqual(teamsOf(stack), {
      commerce: {
        namespace: "commerce-dev",
        quota: { cpu: "16", memory: "32Gi", pods: 100, "ephemeral-storage": "25Gi" },
        labels: {},
        groups: { view: [], release: [], admin: [] },
        egress: [],
        nodePortApps: [],
      },
    });
  });

  it("gives a team only the network access that its own apps need", () => {
    const cache = { addresses: ["10.1.0.4", "10.1.0.5"], port: 6379 };
    const externalServices = { cache, mail: { host: "mail.example.com" } };
    const apps = {
      shop: app({ number: 7, externalServices }),
      news: app({ team: "content", domain: "news.platform.test" }),
    };
    const own = { cidr: "10.20.0.0/16", ports: [3306] };
    const stack = parseStack("dev", config({ commerce: { egress: [own] }, content: {} }, apps));
    const { commerce: first, content } = teamsOf(stack);
    assert.deepEqual(first?.egress, [
      { cidr: "10.20.0.0/16", ports: [3306], protocol: "TCP" },
      { cidr: "10.1.0.4/32", ports: [6379], protocol: "TCP" },
      { cidr: "10.1.0.5/32", ports: [6379], protocol: "TCP" },
    ]);
    assert.deepEqual(first.nodePortApps, ["shop"]);
    assert.deepEqual([content?.egress, content?.nodePortApps], [[], []]);
  });

  it("names the namespace after team and environment, or as configured", () => {
    const stack = parseStack("dev", config({ commerce: {}, content: { namespace: "cms" } }));
    assert.equal(namespaceOf("commerce", stack), "commerce-dev");
    assert.equal(namespaceOf("content", stack), "cms");
    assert.equal(namespaceOf("elsewhere", stack), "elsewhere-dev");
  });

  const bad: [title: string, team: Fields, error: string][] = [
    [
      "every address without a reason",
      { egress: [{ cidr: "0.0.0.0/0", ports: [443] }] },
      `${commerce}.egress[0].cidr: expected a range with a prefix of at least /8, got "0.0.0.0/0"; name a smaller range, or set a reason next to it`,
    ],
    [
      "every IPv6 address without a reason",
      { egress: [{ cidr: "::/0", ports: [443] }] },
      `${commerce}.egress[0].cidr: expected a range with a prefix of at least /8, got "::/0"; name a smaller range, or set a reason next to it`,
    ],
    [
      "an address that is no range",
      { egress: [{ cidr: "10.0.0.1", ports: [443] }] },
      `${commerce}.egress[0].cidr: expected an address range such as 10.20.0.0/16, or 10.20.0.7/32 for one address, got "10.0.0.1"`,
    ],
    [
      "nothing where egress has an entry",
      { egress: [undefined] },
      `${commerce}.egress[0]: expected a mapping, got nothing`,
    ],
    [
      "egress without ports",
      { egress: [{ cidr: "10.0.0.0/8", ports: [] }] },
      `${commerce}.egress[0].ports: expected a list of at least 1 item, got []`,
    ],
    [
      "a group of Kubernetes' own",
      { groups: { admin: ["system:authenticated"] } },
      `${commerce}.groups.admin[0]: expected a group of the company's login, not one of Kubernetes' own, which start with system:, got "system:authenticated"`,
    ],
    [
      "a Pod Security exception without a reason",
      { podSecurity: { level: "baseline" } },
      `${commerce}.podSecurity.reason: expected a string, got nothing`,
    ],
    [
      "a level that is no exception",
      { podSecurity: { level: "restricted", reason: "none" } },
      `${commerce}.podSecurity.level: expected one of baseline, privileged, got "restricted"`,
    ],
  ];
  for (const [title, team, error] of bad) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(errorsOf(config({ commerce: team })), [error]);
    });
  }

  it("allows every address with a reason", () => {
    const reason = "Payment providers publish no addresses.";
    const egress = [{ cidr: "0.0.0.0/0", ports: [443], reason }];
    assert.deepEqual(errorsOf(config({ commerce: { egress } })), []);
  });
});

describe("the checks of namespaces", () => {
  const cases: [title: string, teams: Fields, errors: string[]][] = [
    ["accept one each", { commerce: {}, content: { namespace: "cms" } }, []],
    [
      "refuse one of two teams",
      { commerce: {}, content: { namespace: "commerce-dev" } },
      [
        `platform:components.tenancy.teams.content.namespace: expected a namespace that nothing else uses, got "commerce-dev", which ${commerce} uses`,
      ],
    ],
    [
      "refuse a part of the platform's",
      { commerce: { namespace: "gateway" } },
      [
        `${commerce}.namespace: expected a namespace that nothing else uses, got "gateway", which platform:components.gateway uses`,
      ],
    ],
    [
      "refuse Kubernetes' own",
      { commerce: { namespace: "kube-system" }, content: { namespace: "default" } },
      [
        `${commerce}.namespace: expected a namespace that nothing else uses, got "kube-system", which Kubernetes itself uses`,
        'platform:components.tenancy.teams.content.namespace: expected a namespace that nothing else uses, got "default", which Kubernetes itself uses',
      ],
    ],
  ];
  for (const [title, teams, errors] of cases) {
    it(title, () => {
      assert.deepEqual(errorsOf(config(teams)), errors);
    });
  }
});

describe("the check of log directories", () => {
  const apps = { shop: app({ logDirectories: { accesslogs: "/var/log/shop" } }) };
  const privileged = { level: "privileged", reason: "Logs go to the machine." };

  it("refuses them if Pod Security would refuse the pods", () => {
    assert.deepEqual(errorsOf(config({ commerce: {} }, apps)), [
      `platform:apps.shop.logDirectories: expected no directories of the node, because team commerce has Pod Security restricted, got some; remove them, or set level privileged in ${commerce}.podSecurity`,
    ]);
    const baseline = { podSecurity: { ...privileged, level: "baseline" } };
    assert.match(errorsOf(config({ commerce: baseline }, apps)).join(), /Pod Security baseline/);
  });

  it("accepts them with an exception", () => {
    assert.deepEqual(errorsOf(config({ commerce: { podSecurity: privileged } }, apps)), []);
  });
});

describe("the check of the platform's node group", () => {
  it("names a missing node group of the platform", () => {
    const components = { tenancy: { teams: { commerce: {} } }, placement: { nodeGroup: "metal" } };
    assert.deepEqual(errorsOf(config({}, {}, { components })), [
      'platform:components.placement.nodeGroup: expected a group of platform:nodeGroups (there is none), got "metal"',
    ]);
  });
});
