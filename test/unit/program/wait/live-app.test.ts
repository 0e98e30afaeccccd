import assert from "node:assert/strict";
import { liveApps } from "../../../../program/wait/live-app";
import { ReadServer } from "../../../support/reader";

const services = [
  {
    metadata: { name: "shop-stable", annotations: { "platform/release": "1.4.2-r2" } },
    spec: { selector: { "app.kubernetes.io/instance": "shop-1-4-2-r2" } },
  },
  {
    metadata: { name: "shop-canary", annotations: { "platform/release": "1.5.0" } },
    spec: { selector: { "app.kubernetes.io/instance": "shop-1-5-0" } },
  },
  {
    metadata: { name: "old-stable" },
    spec: { selector: { "app.kubernetes.io/instance": "old-7" } },
  },
];
const labels = { "app.kubernetes.io/name": "shop" };
const objects: Record<string, object[]> = {
  services,
  deployments: [
    {
      metadata: { name: "shop-1-4-2-r2", labels },
      spec: { replicas: 6 },
      status: { readyReplicas: 4 },
    },
    { metadata: { name: "shop-1-5-0", labels } },
  ],
  horizontalpodautoscalers: [{ metadata: { name: "shop-1-4-2-r2" }, spec: { minReplicas: 2 } }],
  jobs: [
    {
      metadata: {
        name: "shop-1-5-0-migrate-2",
        creationTimestamp: "2026-11-21T09:00:00Z",
        labels: { ...labels, "platform/migration": "shop-1-5-0" },
        annotations: { "platform/version": "1.5.0", "platform/contract": "1.4.0" },
      },
      status: {
        completionTime: "2026-11-21T09:01:00Z",
        conditions: [
          { type: "SuccessCriteriaMet", status: "True" },
          { type: "Complete", status: "True" },
        ],
      },
    },
    {
      metadata: {
        name: "shop-1-5-0-migrate",
        creationTimestamp: "2026-11-21T08:00:00Z",
        labels: { ...labels, "platform/migration": "shop-1-5-0" },
        annotations: { "platform/version": "1.5.0" },
      },
      status: { conditions: [{ type: "Failed", status: "True" }] },
    },
    // A run of a job on a schedule.
    { metadata: { name: "shop-clean-29394", labels } },
  ],
  httproutes: [
    {
      metadata: { name: "shop" },
      spec: {
        rules: [
          { backendRefs: [{ name: "shop-canary", weight: 100 }] },
          {
            backendRefs: [
              { name: "shop-stable", weight: 90 },
              { name: "shop-canary", weight: 10 },
            ],
          },
        ],
      },
    },
  ],
};

describe("the apps in a cluster", () => {
  let server: ReadServer;
  let status: number;

  beforeEach(async () => {
    status = 200;
    server = new ReadServer((request, response) => {
      response.statusCode = status;
      const [, kind = ""] = /commerce-dev\/([a-z]+)/.exec(request.url ?? "") ?? [];
      const items = objects[kind] ?? [];
      // The API server does not know kinds without a CRD.
      if (kind === "scaledobjects") response.statusCode = 404;
      response.end(JSON.stringify(status === 200 ? { items } : { message: "no rights" }));
    });
    await server.start();
  });
  afterEach(() => server.stop());

  const found = (namespaces: Record<string, string>) => liveApps(namespaces, server.reader);

  it("are read from Services, route, Deployments, autoscalers and migrations, each kind once per namespace", async () => {
    const namespaces = {
      shop: "commerce-dev",
      old: "commerce-dev",
      news: "content-dev",
    };
    assert.deepEqual(await found(namespaces), {
      shop: {
        services: {
          stable: { key: "1.4.2-r2", name: "shop-1-4-2-r2" },
          canary: { key: "1.5.0", name: "shop-1-5-0" },
        },
        weight: 10,
        releases: {
          "shop-1-4-2-r2": { ready: 4, floor: 2, replicas: 6 },
          "shop-1-5-0": { ready: 0, floor: undefined, replicas: undefined },
        },
        migrations: {
          "shop-1-5-0": [
            {
              job: "shop-1-5-0-migrate",
              state: "failed",
              version: "1.5.0",
              at: undefined,
              contract: undefined,
            },
            {
              job: "shop-1-5-0-migrate-2",
              state: "complete",
              version: "1.5.0",
              at: "2026-11-21T09:01:00Z",
              contract: "1.4.0",
            },
          ],
        },
      },
      old: {
        services: { stable: { key: "old-7", name: "old-7" }, canary: undefined },
        weight: undefined,
        releases: {},
      },
    });
    assert.equal(server.asked.length, 2 * 6);
  });

  const shares: [what: string, backends: object[], percent: number][] = [
    [
      "of their sum",
      [
        { name: "shop-stable", weight: 1 },
        { name: "shop-canary", weight: 1 },
      ],
      50,
    ],
    ["1 without a weight", [{ name: "shop-stable", weight: 3 }, { name: "shop-canary" }], 25],
    ["nothing where the canary is no backend", [{ name: "shop-stable", weight: 100 }], 0],
    ["nothing where all are 0", [{ name: "shop-canary", weight: 0 }], 0],
  ];
  for (const [what, backendRefs, percent] of shares) {
    it(`have weights that are shares: ${what}`, async () => {
      const routes = objects["httproutes"];
      objects["httproutes"] = [{ metadata: { name: "shop" }, spec: { rules: [{ backendRefs }] } }];
      try {
        const { shop } = await found({ shop: "commerce-dev" });
        assert.equal(shop?.weight, percent);
      } finally {
        objects["httproutes"] = routes ?? [];
      }
    });
  }

  it("cause an error, not a first deployment, if the API server refuses", async () => {
    status = 403;
    await assert.rejects(found({ shop: "commerce-dev" }), /answered 403 .*: no rights/);
  });

  it("cause an error if the API server does not respond", async () => {
    await server.stop();
    await assert.rejects(found({ shop: "commerce-dev" }), /does not answer .*ECONNREFUSED/);
  });
});
