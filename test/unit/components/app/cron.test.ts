import assert from "node:assert/strict";
import type { AppArgs, LiveRelease } from "../../../../components/app";
import { at, type Declared } from "../../../support/declare";
import { shop, template, type PodSpec } from "../../../support/shop";

const when = {
  schedule: "30 2 * * *",
  timeZone: "Asia/Shanghai",
  concurrencyPolicy: "Forbid" as const,
  activeDeadlineSeconds: 600,
  retries: 1,
  history: { successful: 1, failed: 3 },
  suspend: false,
  command: ["/app/clean"],
};

function release(version: string, command?: string, fields: object = {}): LiveRelease {
  const work = command === undefined ? {} : { cron: { clean: { command: [command] } } };
  const files = { configFiles: { "/etc/shop/a.yaml": version } };
  const name = `shop-${version.replaceAll(".", "-")}`;
  return { name, key: version, version, template: template({ ...files, ...work, ...fields }) };
}

function cronApp(args: Partial<AppArgs> = {}): Promise<Declared> {
  return shop({ releases: [release("1.4.2", "/app/clean")], cron: { clean: when }, ...args });
}

function podOf(declared: Declared): PodSpec & { restartPolicy: string } {
  return at(
    declared.object("CronJob", "shop-clean"),
    "spec.jobTemplate.spec.template.spec",
  ) as PodSpec & { restartPolicy: string };
}

describe("a job of an app", () => {
  it("runs when the config says, for as long as it says", async () => {
    const spec = at((await cronApp()).object("CronJob", "shop-clean"), "spec") as object;
    assert.deepEqual(
      {
        schedule: at(spec, "schedule"),
        timeZone: at(spec, "timeZone"),
        policy: at(spec, "concurrencyPolicy"),
        kept: [at(spec, "successfulJobsHistoryLimit"), at(spec, "failedJobsHistoryLimit")],
        retries: at(spec, "jobTemplate.spec.backoffLimit"),
        deadline: at(spec, "jobTemplate.spec.activeDeadlineSeconds"),
      },
      {
        schedule: "30 2 * * *",
        timeZone: "Asia/Shanghai",
        policy: "Forbid",
        kept: [1, 3],
        retries: 1,
        deadline: 600,
      },
    );
  });

  it("is deleted before another one replaces it in another namespace, so that it does not run twice", async () => {
    const { registrations } = await cronApp();
    const replaced = registrations.filter(({ deleteBeforeReplace }) => deleteBeforeReplace);
    assert.deepEqual(
      replaced.map(({ name }) => name),
      ["shop-clean"],
    );
  });

  it("has the image, the environment and the files of the stable release, and its own command", async () => {
    const declared = await cronApp();
    const deployment = declared.object("Deployment", "shop-1-4-2");
    const pod = at(deployment, "spec.template.spec") as PodSpec;
    const own = podOf(declared);
    const [app, job] = [pod.containers[0]!, own.containers[0]!];
    assert.equal(own.containers.length, 1);
    assert.deepEqual(job.command, ["/app/clean"]);
    for (const key of ["image", "env", "volumeMounts", "securityContext", "resources"] as const) {
      assert.deepEqual(job[key], app[key], key);
    }
    assert.deepEqual(own.volumes, pod.volumes);
    for (const key of ["ports", "lifecycle", "readinessProbe", "livenessProbe", "startupProbe"]) {
      assert.equal(key in job, false, key);
    }
    assert.equal(own.restartPolicy, "Never");
  });

  it("is selected by no Service and no budget of the app", async () => {
    const declared = await cronApp();
    const labels = at(
      declared.object("CronJob", "shop-clean"),
      "spec.jobTemplate.spec.template.metadata.labels",
    ) as Record<string, string>;
    for (const name of ["shop-stable", "shop-canary"]) {
      const selector = at(declared.object("Service", name), "spec.selector") as object;
      assert.ok(!Object.entries(selector).every(([key, value]) => labels[key] === value), name);
    }
    assert.equal(labels["app.kubernetes.io/part-of"], "apps");
  });

  it("follows the stable release at a promotion and at a rollback, and never the canary", async () => {
    const releases = [release("1.4.2", "/app/clean"), release("1.5.0", "/app/sweep")];
    const trying = { releases, canary: "shop-1-5-0", canaryWeight: 10 };
    const command = async (args: Partial<AppArgs>) => {
      const [container] = podOf(await cronApp(args)).containers;
      return [container?.image.split(":").at(-1), container?.command?.[0]];
    };
    assert.deepEqual(await command(trying), ["1.4.2", "/app/clean"]);
    assert.deepEqual(await command({ releases, stable: "shop-1-5-0" }), ["1.5.0", "/app/sweep"]);
    assert.deepEqual(await command({ releases, stable: "shop-1-4-2" }), ["1.4.2", "/app/clean"]);
  });

  it("does not exist until a release that has it is stable", async () => {
    const releases = [release("1.4.2"), release("1.5.0", "/app/clean")];
    const trying = await cronApp({ releases, canary: "shop-1-5-0", canaryWeight: 10 });
    assert.deepEqual(trying.names("CronJob"), []);
    const promoted = await cronApp({ releases, stable: "shop-1-5-0" });
    assert.deepEqual(promoted.names("CronJob"), ["shop-clean"]);
  });

  it("has no nginx in front of its PHP", async () => {
    const declared = await cronApp({
      releases: [release("1.4.2", "php", { preset: "php-fpm" })],
    });
    assert.deepEqual(
      podOf(declared).containers.map(({ name }) => name),
      ["shop"],
    );
  });
});
