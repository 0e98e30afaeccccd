import assert from "node:assert/strict";
import { InvalidConfig, namespaceOf, parseStack, teamsOf } from "../../../config";
import { mostPods, podRequests } from "../../../config/app/requests";
import { amountOf, showCpu, showMemory } from "../../../config/quantities";

type Fields = Record<string, unknown>;

const app = (fields: Fields = {}) => ({
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
  stable: { version: "1.4.2" },
  ...fields,
});

function config(teams: Fields, apps: Fields = {}, others: Fields = {}): Fields {
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: { tenancy: { teams } },
    apps,
    ...others,
  };
}

function errorsOf(values: Fields): string[] {
  try {
    parseStack("dev", values);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

const commerce = "platform:components.tenancy.teams.commerce";

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

  it("gives a team what its apps need of the network, and no other team's", () => {
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

  it("names the namespace after team and environment, or as the team says", () => {
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

describe("the check of quotas", () => {
  const scaling = { min: 2, max: 10 };
  const canary = { version: "1.5.0", weight: 10 };
  const apps = {
    shop: app({ scaling, canary }),
    cart: app({ domain: "cart.platform.test", scaling: { min: 1, max: 3 } }),
  };
  // Shop has 2 × 10 + 1 × 2 pods, cart 3 + 1 × 1, each with 100m and 128Mi.
  const enough = { cpu: "2600m", memory: "3328Mi", pods: 26 };

  it("accepts what is just enough", () => {
    assert.deepEqual(errorsOf(config({ commerce: { quota: enough } }, apps)), []);
  });

  it("lists every number that is too small, with what adds up to it", () => {
    const quota = { cpu: "2599m", memory: "3327Mi", pods: 25 };
    assert.deepEqual(errorsOf(config({ commerce: { quota } }, apps)), [
      `${commerce}.quota.cpu: expected at least 2600m, which the team's apps may request (shop 22 pods × 100m, cart 4 pods × 100m), got "2599m"`,
      `${commerce}.quota.memory: expected at least 3328Mi, which the team's apps may request (shop 22 pods × 128Mi, cart 4 pods × 128Mi), got "3327Mi"`,
      `${commerce}.quota.pods: expected at least 26, which the team's apps may request (shop 22 pods, cart 4 pods), got 25`,
    ]);
  });

  it("counts the former releases that the stack keeps", () => {
    const releases = { retain: 3 };
    const errors = errorsOf(config({ commerce: { quota: enough } }, apps, { releases }));
    assert.match(errors.join("\n"), /quota\.pods: expected at least 32, .*, got 26/);
  });

  it("counts no other team's apps", () => {
    const small = { quota: { cpu: "1m", memory: "1Ki", pods: 1 } };
    assert.deepEqual(errorsOf(config({ commerce: { quota: enough }, content: small }, apps)), []);
  });

  const parsed = (fields: Fields) => {
    const { apps: all } = parseStack(
      "dev",
      config(
        { commerce: { quota: { cpu: "999", memory: "9Ti", pods: 999 } } },
        { shop: app(fields) },
      ),
    );
    assert.ok(all["shop"]);
    return all["shop"];
  };
  const size = (cpu: string, memory: string) => ({
    requests: { cpu, memory },
    limits: { cpu: "4", memory: "8Gi" },
  });
  const helper = (cpu: string, memory: string) => ({
    image: "harbor.platform.test/shop/helper:1",
    resources: size(cpu, memory),
  });
  const pods: [title: string, fields: Fields, cpu: string, memory: string][] = [
    ["an app without a preset", {}, "100m", "128Mi"],
    ["an app with a preset", { preset: "java-tomcat" }, "500m", "1Gi"],
    ["an app with a size of its own", { resources: size("1.5", "2Gi") }, "1500m", "2Gi"],
    ["nginx in front of PHP-FPM", { preset: "php-fpm" }, "250m", "288Mi"],
    ["a sidecar", { sidecars: { proxy: helper("50m", "64Mi") } }, "150m", "192Mi"],
    [
      "a small init container",
      { initContainers: [{ name: "wait", ...helper("50m", "64Mi") }] },
      "100m",
      "128Mi",
    ],
    [
      "init containers that are larger than the app, one at a time",
      {
        initContainers: [
          { name: "migrate", ...helper("1", "64Mi") },
          { name: "warm", ...helper("50m", "1Gi") },
        ],
      },
      "1",
      "1Gi",
    ],
    [
      "a sidecar beside a large init container",
      {
        sidecars: { proxy: helper("50m", "64Mi") },
        initContainers: [{ name: "migrate", ...helper("1", "64Mi") }],
      },
      "1050m",
      "192Mi",
    ],
  ];
  for (const [title, fields, cpu, memory] of pods) {
    it(`counts ${title}`, () => {
      const { cpu: millicores, memory: amount } = podRequests(parsed(fields));
      assert.deepEqual([showCpu(millicores), showMemory(amount)], [cpu, memory]);
    });
  }

  it("counts a canary at its highest scale, and a former release at its lowest", () => {
    assert.equal(mostPods(parsed({ scaling }), 0), 10);
    assert.equal(mostPods(parsed({ scaling, canary }), 0), 20);
    assert.equal(mostPods(parsed({ scaling, canary }), 2), 24);
  });

  it("refuses a disk that is too small for what the apps may request of it", () => {
    const resources = {
      requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "20Gi" },
      limits: { cpu: "1", memory: "1Gi" },
    };
    const apps = { shop: app({ resources, scaling: { min: 1, max: 2 } }) };
    const key = `${commerce}.quota.ephemeral-storage`;
    const errors = errorsOf(config({ commerce: {} }, apps));
    assert.match(errors.join(), /expected at least \d+Gi, .*, got "25Gi"/);
    assert.ok(
      errors.every((error) => error.startsWith(key)),
      errors.join(),
    );
    const quota = { cpu: "16", memory: "32Gi", pods: 100, "ephemeral-storage": "1Ti" };
    assert.deepEqual(errorsOf(config({ commerce: { quota } }, apps)), []);
  });

  it("reads and writes quantities", () => {
    // A container without its own setting is counted with the space for its log.
    const storage = 64 * 1024;
    const amount = (cpu: string, memory: string) => amountOf({ cpu, memory });
    assert.deepEqual(amount("250m", "512Ki"), { cpu: 250, memory: 512, storage });
    assert.deepEqual(amount("0.125", "3Mi"), { cpu: 125, memory: 3072, storage });
    assert.deepEqual(amount("1.1", "1Ti"), { cpu: 1100, memory: 1024 ** 3, storage });
    assert.deepEqual(amountOf({ cpu: "1", memory: "1Mi", "ephemeral-storage": "2Gi" }), {
      cpu: 1000,
      memory: 1024,
      storage: 2 * 1024 ** 2,
    });
    assert.deepEqual([showCpu(2000), showCpu(2500)], ["2", "2500m"]);
    assert.deepEqual(
      [showMemory(1), showMemory(2048), showMemory(1024 ** 2 * 3), showMemory(1024 ** 3)],
      ["1Ki", "2Mi", "3Gi", "1Ti"],
    );
  });
});

describe("the check of log directories", () => {
  const apps = { shop: app({ logDirectories: { accesslogs: "/var/log/shop" } }) };
  const privileged = { level: "privileged", reason: "Logs go to the machine." };

  it("refuses them where Pod Security would refuse the pods", () => {
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
