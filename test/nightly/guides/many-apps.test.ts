import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster, stopCluster } from "../../../local/cluster";
import { startAnsweringPrometheus } from "../../support/answering-prometheus";
import { FleetProject } from "../../support/fleet-project";
import { soonScaled } from "../../support/scaled";
import { Guide } from "../../support/guide";
import { succeeded } from "../../support/project";

const apps = { basket: "commerce", news: "content", shop: "commerce", stock: "commerce" };

/**
 * The commands of docs/guides/many-apps.md with a real API server, engine and state in files, in the order of the page:
 * the stack of a platform and one for each of four apps.
 */
describe("the guide to many apps", () => {
  let project: FleetProject;
  let guide: Guide;
  let prometheus: Awaited<ReturnType<typeof startAnsweringPrometheus>>;

  before(async () => {
    prometheus = await startAnsweringPrometheus({
      requests: 4211,
      errors: 2,
      latency: 0.12,
      restarts: 0,
    });
    project = new FleetProject(await startCluster({ name: "many-apps", ...soonScaled }));
    project.stack("prod", {
      ...project.common,
      "platform:components": project.parts("commerce", "content"),
      "platform:policy": { proposers: { commerce: ["ann"], content: ["bob"], platform: ["root"] } },
    });
    for (const [app, team] of Object.entries(apps)) {
      project.stack(`${app}.prod`, {
        ...project.common,
        "platform:platformStack": "organization/platform/prod",
        "platform:appFiles": `apps/prod/${app}.yaml`,
        // The apps of the group show steps, and those next to it the rules of a production stack.
        "platform:releases": ["basket", "stock"].includes(app)
          ? { forcedCanary: false, soak: "0s", checkRequired: false }
          : { prometheus: prometheus.address },
      });
      project.app(`apps/prod/${app}.yaml`, {
        team,
        preset: app === "news" ? "php-fpm" : "node",
        domain: `${app}.example.com`,
        image: `harbor.example.com/${app}`,
        scaling: { min: app === "news" ? 4 : 2, max: 10 },
        stable: { version: "1.4.2" },
      });
    }
    project.app("apps/groups/prod/checkout.yaml", { waves: [["stock"], ["basket"]] });
    await project.git("init", "--quiet", "--initial-branch=main");
    await project.git("remote", "add", "origin", "git@git.example.com:ops/platform.git");
    await project.commit("Ann Lee", "Declare the apps");
    await project.create("prod", ...Object.keys(apps).map((app) => `${app}.prod`));
    await project.up();
    for (const app of ["news", "shop"]) await canary(app);
    await project.up("--filter", "s");
    await project.age("news.prod", 75);
    await project.age("shop.prod", 14);
    await release("check", "shop");
    freeze("stock", "2099-12-01T00:00:00Z", "stocktaking");
    await project.commit("Wang Wei", "Check shop 1.5.0, freeze stock");
    await project.up();
    guide = new Guide("docs/guides/many-apps.md", project);
  });
  after(async () => {
    prometheus?.close();
    await stopCluster("many-apps");
    project?.remove();
  });

  /** Releases a version as a canary by a merge request. */
  async function canary(app: string): Promise<void> {
    await project.git("checkout", "--quiet", "-b", `canary-${app}`);
    await release("canary", app, "1.5.0", "--weight", "10");
    await project.commit("Wang Wei", `Release ${app} 1.5.0 as a canary`);
    await project.git("checkout", "--quiet", "main");
    const texts = [`Merge branch canary-${app}`, `See merge request ops/platform!${app.length}12`];
    const messages = texts.flatMap((text) => ["--message", text]);
    await project.git("merge", "--quiet", "--no-ff", ...messages, `canary-${app}`);
  }

  async function release(verb: string, app: string, ...args: string[]): Promise<void> {
    succeeded(await project.platform("release", verb, app, ...args, "--stack", `${app}.prod`));
  }

  const text = (file: string) => readFileSync(join(project.folder, file), "utf8");
  const append = (file: string, more: string) =>
    writeFileSync(join(project.folder, file), `${text(file)}${more}`);

  const replace = (file: string, found: string | RegExp, by: string) =>
    writeFileSync(join(project.folder, file), text(file).replace(found, by));

  function freeze(app: string, until: string, reason: string): void {
    append(`apps/prod/${app}.yaml`, `freeze: { until: "${until}", reason: ${reason} }\n`);
  }

  it("finds apps by their records", async () => {
    await guide.next("npx platform stacks list");
    await guide.next("npx platform stacks query --canary-older-than 2d");
    await guide.next("npx platform stacks query --frozen");
  });

  it("writes a board of what runs, how clusters differ from it and who changed it", async () => {
    await guide.next("npx platform board online --live --out public");
    const row = rowOf("shop");
    assert.match(
      row,
      /shop commerce .*1\.4\.2 90% 1\.5\.0 10% soak (9|10) h( \d+ min)? left, pass, 4211 requests,/,
    );
    assert.match(rowOf("news"), /1\.4\.2 90% 1\.5\.0 10% soaked, no check .*Wang Wei \d{4}-/);
    assert.match(rowOf("stock"), /1\.4\.2 frozen until 2099-12-01/);
    assert.doesNotMatch(text("public/index.html"), /cluster differs/);
    const page = text("public/apps/news.html");
    assert.match(page, /href="https:\/\/git\.example\.com\/ops\/platform\/-\/merge_requests\/412"/);
    assert.match(page, /Release news 1\.5\.0 as a canary/);
    assert.match(page, /<td data-l="role">canary<\/td>\s*<td data-l="share">10%<\/td>/);
  });

  it("marks on the board what somebody changed by hand in the cluster", async () => {
    const board = ["board", "online", "--live", "--out", "public"];
    await giveByHand(60);
    succeeded(await project.platform(...board));
    assert.match(rowOf("news"), /cluster differs/);
    assert.doesNotMatch(rowOf("shop"), /cluster differs/);
    assert.match(
      text("public/apps/news.html"),
      /not as the last update recorded it: the route gives 40% to news-canary, not 10%/,
    );
    await giveByHand(10);
    succeeded(await project.platform(...board));
    assert.doesNotMatch(rowOf("news"), /cluster differs/);
  });

  /** Changes the weight of the canary of news in the cluster; that of stable stays at 90. */
  async function giveByHand(weight: number): Promise<void> {
    const path = "/spec/rules/1/backendRefs/1/weight";
    const patch = JSON.stringify([{ op: "replace", path, value: weight }]);
    const route = ["httproute", "news", "--namespace", "content-online"];
    succeeded(await project.run("kubectl", "patch", ...route, "--type=json", `--patch=${patch}`));
  }

  it("previews the stacks that a change concerns, and sums them up", async () => {
    replace("apps/prod/news.yaml", "min: 4", "min: 2");
    replace("apps/prod/shop.yaml", "min: 2", "min: 3");
    await guide.next("npx platform stacks preview --changed");
    await project.commit("Ann Lee", "Fewer pods for news, more for shop");
    await guide.next("npx platform stacks pipeline --format json --base HEAD~1");
    await guide.next("npx platform preview news.prod");
    await guide.next("npx platform preview shop.prod");
    await guide.next("npx platform stacks summary");
    await project.up("--changed");
  });

  it("releases a group in waves, reports what is half-done, and continues", async () => {
    replace("apps/prod/stock.yaml", /^freeze.*\n/m, "");
    await project.up("--changed");
    await guide.next("npx platform release group canary checkout");
    await project.up("--filter", "stock");
    await guide.next("npx platform release group status checkout");
    succeeded(await project.platform("board", "online", "--out", "public"));
    assert.match(rowOf("stock"), /1\.4\.2 95% group half-done .*2\.0\.0 5% soaked, no check/);
    await project.up("--filter", "basket");
    await guide.next("npx platform release group promote checkout");
    await project.up("--filter", "s");
    await guide.next("npx platform release group rollback checkout");
  });

  it("writes the owner of each file, and refuses changes to another team's files", async () => {
    await guide.next("npx platform apps owners");
    await guide.next("cat CODEOWNERS");
    await project.git("add", "CODEOWNERS", "apps");
    await project.commit("Ann Lee", "Say whose file each is");
    append("apps/prod/shop.yaml", "# Mine\n");
    // What GitLab tells the job of a merge request.
    Object.assign(project.environment, {
      CI_MERGE_REQUEST_IID: "7",
      CI_MERGE_REQUEST_DIFF_BASE_SHA: (await project.git("rev-parse", "HEAD")).trim(),
      GITLAB_USER_LOGIN: "bob",
    });
    await project.commit("Bob", "A change of shop");
    await guide.next("npx platform policy prod");
    guide.assertFinished();
  });

  it("reports errors of files and stacks, and runs the others", async () => {
    const { common } = project;
    const platformStack = "organization/platform/prod";
    const ofApps = (files: unknown) => ({
      ...common,
      "platform:platformStack": platformStack,
      "platform:appFiles": files,
    });
    project.file("apps/broken/broken.yaml", "team: [\n");
    project.app("apps/other/basket.yaml", { team: "commerce" });
    project.app("apps/prod/lost.yaml", {
      team: "comerce",
      domain: "lost.example.com",
      image: "harbor.example.com/lost",
      stable: { version: "1.0.0" },
    });
    project.stack("broken.prod", ofApps("apps/broken"));
    project.stack("twice.prod", ofApps(["apps/prod/basket.yaml", "apps/other"]));
    project.stack("shared.prod", ofApps("apps/prod/news.yaml"));
    project.stack("lost.prod", ofApps("apps/prod/lost.yaml"));
    await project.create("fileless", "lost.prod");
    // The engine has written the secret's salt into a file of the stack.
    rmSync(join(project.folder, "Pulumi.fileless.yaml"));
    const { code, output } = await project.platform("stacks", "preview");
    assert.equal(code, 1, output);
    for (const error of [
      /broken\.prod: preview failed .*apps\/broken\/broken\.yaml: .*not valid YAML/,
      /twice\.prod: preview failed .*apps\/other\/basket\.yaml: expected one file for an app, got a second one: apps\/prod\/basket\.yaml already declares basket/,
      /shared\.prod: preview failed .*platform:apps\.news: expected only one stack.*Pulumi\.news\.prod\.yaml/,
      /lost\.prod failed:\n[^]*team of apps\/prod\/lost\.yaml: expected a team of .*, got "comerce"/,
      /Stack fileless is in the backend and has no file: expected Pulumi\.fileless\.yaml/,
      /\] prod: preview succeeded/,
      /\] shop\.prod: preview succeeded/,
      /\] stock\.prod: preview succeeded/,
    ]) {
      assert.match(output, error);
    }
  });

  /** The words of an app's row. */
  function rowOf(app: string): string {
    const rows = text("public/index.html")
      .split("<tr")
      .filter((row) => row.includes(`>${app}</a>`));
    assert.equal(rows.length, 1);
    return (rows[0] ?? "").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  }
});
