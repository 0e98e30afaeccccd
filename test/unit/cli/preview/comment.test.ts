import assert from "node:assert/strict";
import { commentOf, marker, notRun } from "../../../../cli/preview/comment";
import { reportOf, type Report } from "../../../../cli/preview/report";
import {
  change,
  ending,
  message,
  named,
  opening,
  previewOf,
  provenance,
  report,
  reportWith,
  traffic,
  type Change,
} from "./support";
import { scaled, parts } from "./comment";

describe("the comment", () => {
  it("begins with the verdict and ends with its hidden marker", () => {
    const first = (of: Report) => commentOf(of).split("\n")[0];
    assert.equal(first(reportWith()), "**No object changes** in stack `prod`.");
    assert.equal(
      first(reportWith(scaled("a", "shop"))),
      "**Nothing dangerous** in this change of stack `prod`.",
    );
    assert.equal(
      first(reportWith({ op: "delete", before: named("a") })),
      "**Caution:** this change of stack `prod` has 1 danger; review it before you approve the change.",
    );
    assert.equal(
      first(report([...opening(), message("error", "no"), ...ending("failed")])),
      "**Stopped:** this change of stack `prod` cannot be applied.",
    );
    assert.ok(commentOf(reportWith()).endsWith("\n\n<!-- platform-preview:prod -->\n"));
  });

  it("quotes no marker of another comment, which would be mistaken for its own", () => {
    const text = `a\n${marker("gray")}`;
    const annotations = { [text]: text };
    const comment = commentOf(
      report(
        [
          ...opening(),
          ...change({ before: named("web"), after: { ...named("web"), annotations } }),
          message("warning", text),
          ...ending(),
        ],
        [traffic({ sentences: [text], table: text, changes: true })],
      ),
    );
    assert.ok(comment.includes("<! -- platform-preview:gray"));
    assert.equal(comment.indexOf("<!--"), comment.lastIndexOf(marker("prod")));
    assert.doesNotMatch(notRun("prod", text), /<!-- platform-preview:gray/);
  });

  it("counts objects", () => {
    const comment = commentOf(
      reportWith(
        { op: "create", name: "a", after: named("a") },
        { op: "replace", name: "b", before: named("b"), after: named("b") },
        { op: "same", name: "c", before: named("c"), after: named("c") },
        { op: "create", name: "d", type: "platform:app:App", component: true, after: {} },
      ),
    );
    assert.match(comment, /^2 to create, 0 to update, 1 to delete, 1 unchanged\.$/m);
  });

  it("shows changed leaves and no unchanged ones", () => {
    const { Changes } = parts(commentOf(reportWith(scaled("web", "shop"))));
    assert.equal(
      Changes,
      "**update** `Deployment shop-prod/web` of `Release shop-1-4-2`\n\n```\nspec.replicas: 2 → 3\n```",
    );
  });

  it("shows the same change of several apps once", () => {
    const { Changes = "" } = parts(
      commentOf(reportWith(scaled("web", "shop"), scaled("www", "news"))),
    );
    assert.match(
      Changes,
      /^\*\*update\*\* 2 objects in the same way: `Deployment shop-prod\/web`, `Deployment news-prod\/www`/,
    );
    assert.equal(Changes.split("spec.replicas: 2 → 3").length, 2);
  });

  it("treats changes that differ only by the app's own name as the same", () => {
    const renamed = (app: string): Change => ({
      name: `${app}-stable`,
      parent: { type: "platform:app:App", name: app },
      before: { ...named(`${app}-stable`, app), spec: { to: `${app}-1` } },
      after: { ...named(`${app}-stable`, app), spec: { to: `${app}-2` } },
    });
    const { Changes = "" } = parts(commentOf(reportWith(renamed("shop"), renamed("news"))));
    assert.match(
      Changes,
      /2 objects in the same way.*\n\n```\nspec.to: ‹component›-1 → ‹component›-2/,
    );
  });

  it("says what an update without changed fields waits for", () => {
    const same = named("a", "n");
    const told = reportWith({ name: "a", before: same, after: same, unready: true });
    const { Changes } = parts(commentOf(told));
    assert.match(
      Changes ?? "",
      /^\*\*update\*\* `Deployment n\/a` of `App shop`: waited for again, because it was not ready at the last update or refresh$/m,
    );
  });

  it("says what an update of apps does not wait for", () => {
    const left = named("shop-1-6-0", "n");
    const changes: Change[] = [
      { name: "shop-1-6-0", before: left, after: left, unready: true },
      { name: "b", before: named("b", "n"), after: { ...named("b", "n"), spec: { replicas: 2 } } },
    ];
    const events = [...opening(), ...changes.flatMap(change), ...ending()];
    const { Changes = "" } = parts(
      commentOf(report(events, [traffic({ steady: ["shop-1-6-0"] })])),
    );
    assert.match(
      Changes,
      /`Deployment n\/shop-1-6-0` of `App shop`: not waited for by npx platform up; it was not ready at/,
    );
  });

  it("lists created and deleted objects by component", () => {
    const { Changes = "" } = parts(
      commentOf(
        reportWith(
          { op: "create", name: "a", after: { ...named("a"), spec: { much: "to read" } } },
          { op: "create", name: "b", after: named("b") },
          { op: "delete", name: "c", before: named("c") },
        ),
      ),
    );
    assert.equal(
      Changes,
      "**delete** in `App shop`: `Deployment c`\n\n**create** in `App shop`: `Deployment a`, `Deployment b`",
    );
  });

  it("shows each app's table, changed ones first, and how to undo the change", () => {
    const events = [...opening(), ...change(scaled("web", "shop")), ...ending()];
    const comment = commentOf(
      report(events, [
        traffic({ app: "news" }),
        traffic({ changes: true, sentences: ["moves"], undo: ["npx platform release x"] }),
      ]),
    );
    const { Traffic = "", ["How to undo it"]: undo = "" } = parts(comment);
    assert.match(
      Traffic,
      /^`shop`\n\n```\nRELEASE {2}WEIGHT\n1\.4\.2 {4}100%\n```\n\n- `moves`\n\n<details><summary>1 app, unchanged<\/summary>\n\n`news`, unchanged/,
    );
    assert.match(undo, /```sh\nnpx platform release x\n```/);
    const { base, commit } = provenance;
    assert.ok(undo.includes(`git diff --binary ${commit} ${base} | git apply --3way &&\n`));
    assert.match(undo, /npx platform preview prod\nnpx platform up prod --plan-hash <the hash/);
  });

  it("contains the plan's hash and the command that applies it, unless it cannot be applied", () => {
    const good = reportWith(scaled("web", "shop"));
    assert.ok(commentOf(good).includes(`npx platform up prod --plan-hash ${good.hash}`));
    const bad = commentOf(report([...opening(), message("error", "no"), ...ending("failed")]));
    assert.doesNotMatch(bad, /plan-hash/);
    assert.match(bad, /There is no plan to approve/);
  });

  it("does not ask for approval of a plan that changes nothing", () => {
    const comment = commentOf(report([...opening(), ...ending()]));
    assert.match(comment, /Nothing changes: there is nothing to approve/);
    assert.doesNotMatch(comment, /plan-hash/);
  });

  it("says that a preview could not run, replacing the former comment", () => {
    const comment = notRun(
      "prod",
      "pulumi could not be started (ENOENT). Put it on the PATH\nmore",
    );
    assert.match(
      comment,
      /^\*\*Stopped:\*\* the preview of stack `prod` could not run: `pulumi could/,
    );
    assert.match(comment, /There is no plan to approve/);
    assert.doesNotMatch(comment, /more$/m);
    assert.ok(comment.includes(marker("prod")));
  });

  it("shows its origin", () => {
    const { Provenance = "" } = parts(commentOf(reportWith()));
    for (const text of [provenance.commit, "`adba6509-", "`v1.36.3`", "`pulumi` `3.259.0`"]) {
      assert.ok(Provenance.includes(text), text);
    }
    const unknown = {
      ...provenance,
      changed: true,
      cluster: { uid: undefined, version: undefined },
    };
    const comment = commentOf({ ...reportWith(), provenance: unknown });
    assert.match(comment, /cluster `unknown`, Kubernetes `unknown`/);
    assert.match(comment, /with changes that are not committed/);
  });

  it("names the file of each changed app, and of no other", () => {
    const files = { shop: "apps/prod/shop.yaml", news: "apps/prod/news.yaml" };
    const apps = [
      traffic({ app: "shop", changes: true }),
      traffic({ app: "news", changes: false }),
    ];
    const told = reportOf("prod", previewOf(), apps, [], { ...provenance, files });
    const { Provenance = "" } = parts(commentOf(told));
    assert.match(Provenance, /- app `shop` is changed by `apps\/prod\/shop\.yaml`$/m);
    assert.doesNotMatch(Provenance, /news/);
  });

  it("shows the complete text of a refusal, and the warnings", () => {
    const text =
      'Stack "prod" requests releases that the rules do not allow.\n  shop: no\n    → wait';
    const comment = commentOf(
      report([
        ...opening(),
        message("error", text),
        message("warning", "old"),
        ...ending("failed"),
      ]),
    );
    const { ["Why it stops"]: why, Warnings } = parts(comment);
    assert.equal(why, `\`\`\`\n${text}\n\`\`\``);
    assert.equal(Warnings, "- `old`");
  });
});
