import { autoscaling } from "./cases/autoscaling";
import { drains } from "./cases/drains";
import { lostNodes } from "./cases/lost-nodes";
import { severalNodes } from "./cases/several-nodes";
import { traces } from "./cases/traces";
import { recorder } from "./support/recorder";
import { RealStack } from "./support/stack";

const parts = ["placement", "tenancy", "storage", "gateway", "logging", "autoscaling", "tracing"];

/** Ceph's block devices, which attach to any node; Tempo has the cluster's default class, of folders of one node. */
const storage = {
  ceph: {
    clusterId: "5c1d9f0e-7c1b-4a52-9d0e-2f6c7a1b3e84",
    monitors: ["ceph.platform.test:6789"],
    rbd: { user: { secret: "ceph-rbd" }, classes: { block: { pool: "kubernetes" } } },
  },
};

const domain = (app: string) => `${app}.dev.platform.test`;
const appOf = (app: string) => ({
  team: "content",
  domain: domain(app),
  image: `harbor.dev.platform.test/${domain(app)}/${app}`,
  preset: "node",
});

/** Changes the dev stack so that what a node's end concerns has two pods. */
function change(config: Record<string, unknown>): void {
  const components = config["platform:components"] as Record<string, Record<string, unknown>>;
  components["storage"] = storage;
  Object.assign(components["logging"] ?? {}, { storageClass: "block" });
  components["autoscaling"] = { metricsServer: { kubeletInsecureTls: true } };
  Object.assign(components["gateway"] ?? {}, { replicas: 2 });
  // Of the traces without an error, none is kept.
  Object.assign(components["tracing"] ?? {}, { sampling: { percent: 0, wait: "2s" } });
  const { shop, news } = config["platform:apps"] as Record<string, object>;
  config["platform:apps"] = {
    shop,
    news: { ...news, scaling: { min: 2, max: 3 } },
    clerk: {
      ...appOf("clerk"),
      calls: ["commerce/shop"],
      scaling: { min: 2, max: 3 },
      stable: { version: "1.0.0" },
    },
    busy: {
      ...appOf("busy"),
      scaling: { min: 1, max: 3, cpu: 20, down: { after: "15s", every: "15s" } },
      stable: { version: "1.0.0" },
    },
  };
}

describe("the dev stack on two real nodes", () => {
  let real: RealStack;

  before(async () => {
    real = await RealStack.start("nodes", parts, change, {
      machines: 2,
      standIns: { tempo: recorder },
    });
  });
  after(() => real?.stop());

  const target = (app: string) => (node: string) => ({
    address: real.addressOf(node),
    port: 30080,
    host: domain(app),
  });
  severalNodes(() => real, target("shop"));
  autoscaling(
    () => real,
    () => target("busy")("machine-0"),
  );
  traces(() => real);
  describe("a node that is lost", () => lostNodes(() => real, target("shop")));
  // At the end, because it leaves all pods on one node.
  describe("a node that is drained", () => drains(() => real, target("shop")));
});
