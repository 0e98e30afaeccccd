import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { AppArgs, LiveRelease } from "../../../../components/app";
import { waitForNothing, type Waiting } from "../../../../components/app/services";
import { at } from "../../../support/declare";
import { shop, template, type PodSpec } from "../../../support/shop";

const migrate = { command: ["/app/migrate"], activeDeadlineSeconds: 600, retries: 2 };
const job = "shop-1-5-0-migrate";

function release(version: string, fields: object = {}): LiveRelease {
  const name = `shop-${version.replaceAll(".", "-")}`;
  const files = { configFiles: { "/etc/shop/a.yaml": version } };
  return { name, key: version, version, template: template({ ...files, ...fields }) };
}

function migrating(args: Partial<AppArgs> = {}) {
  const canary = { ...release("1.5.0", { migrate }), migration: { job, contract: "1.4.2" } };
  const trying = { releases: [release("1.4.2"), canary], canary: canary.name, canaryWeight: 10 };
  return shop({ ...trying, ...args });
}

describe("the migration of a release", () => {
  it("is a Job with the release's image, environment and files, and its own command", async () => {
    const declared = await migrating();
    assert.deepEqual(declared.names("Job"), [job]);
    const made = declared.object("Job", job);
    const own = at(made, "spec.template.spec") as PodSpec & { restartPolicy: string };
    const serving = at(
      declared.object("Deployment", "shop-1-5-0"),
      "spec.template.spec",
    ) as PodSpec;
    const [container, app] = [own.containers[0]!, serving.containers[0]!];
    assert.deepEqual(container.command, migrate.command);
    for (const key of ["image", "env", "volumeMounts", "securityContext", "resources"] as const) {
      assert.deepEqual(container[key], app[key], key);
    }
    assert.equal("readinessProbe" in container, false);
    assert.equal(own.restartPolicy, "Never");
    assert.equal(at(made, "spec.backoffLimit"), 2);
    assert.equal(at(made, "spec.activeDeadlineSeconds"), 600);
    assert.equal(at(made, "spec.ttlSecondsAfterFinished"), undefined);
  });

  it("comes before the release's Deployment, by dependency", async () => {
    // Like a preview, which waits for nothing: only the dependency orders the two.
    const waiting: Waiting = { ...waitForNothing, afterMigration: () => pulumi.output(undefined) };
    const { registrations } = await migrating({ waiting });
    const of = (end: string, name: string) =>
      registrations.find((each) => each.type.endsWith(end) && each.name === name);
    const urn = of(":Job", job)?.urn ?? "none";
    assert.ok(of(":Deployment", "shop-1-5-0")?.dependencies.includes(urn));
    assert.ok(!of(":Deployment", "shop-1-4-2")?.dependencies.includes(urn));
  });

  it("holds the Deployment back until it has run", async () => {
    const order: string[] = [];
    const waiting: Waiting = {
      ...waitForNothing,
      afterMigration: (_, { name, deadlineSeconds }) => {
        order.push(`${name} migrates for ${deadlineSeconds} s`);
        const ran = new Promise<void>((resolve) =>
          setTimeout(() => {
            order.push("migrated");
            resolve();
          }, 50),
        );
        return pulumi.output(ran);
      },
      reachableName: ({ metadata }, { releaseName }) => {
        return metadata.name.apply((service) => {
          if (releaseName === "shop-1-5-0") order.push(service);
          return service;
        });
      },
    };
    await migrating({ waiting });
    assert.deepEqual(order, ["shop-1-5-0 migrates for 600 s", "migrated", "shop-canary"]);
  });

  it("is never created again when its release changes: only its name is compared", async () => {
    const { registrations } = await migrating();
    const made = registrations.find(({ name }) => name === job);
    assert.deepEqual(made?.ignoreChanges, ["spec", "metadata.annotations"]);
  });

  it("is selected by no Service and no budget of the app", async () => {
    const declared = await migrating();
    const labels = at(declared.object("Job", job), "spec.template.metadata.labels") as Record<
      string,
      string
    >;
    const selectors = [
      ...["shop-stable", "shop-canary"].map((name) =>
        at(declared.object("Service", name), "spec.selector"),
      ),
      at(declared.object("PodDisruptionBudget", "shop-1-5-0"), "spec.selector.matchLabels"),
      at(declared.object("Deployment", "shop-1-5-0"), "spec.selector.matchLabels"),
    ];
    for (const selector of selectors) {
      assert.ok(!Object.entries(selector as object).every(([key, value]) => labels[key] === value));
    }
    assert.equal(labels["platform/migration"], "shop-1-5-0");
  });

  it("does not exist if the release does not migrate, or has nothing to run", async () => {
    const releases = [release("1.4.2", { migrate })];
    assert.deepEqual((await shop({ releases })).names("Job"), []);
    const empty = [{ ...release("1.4.2"), migration: { job } }];
    assert.deepEqual((await shop({ releases: empty })).names("Job"), []);
  });
});
