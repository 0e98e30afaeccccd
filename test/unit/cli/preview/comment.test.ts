import assert from "node:assert/strict";
import fc from "fast-check";
import { commentOf, lengthLimit, marker, notRun } from "../../../../cli/preview/comment";
import { exitCodeOf, reportJson, reportOf, type Report } from "../../../../cli/preview/report";
import { readEvents } from "../../../../cli/preview/events";
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

const scaled = (name: string, app: string): Change => ({
  name,
  parent: { type: "platform:app:App$platform:app:Release", name: `${app}-1-4-2` },
  before: { ...named(name, `${app}-prod`), spec: { image: `${app}:1`, replicas: 2 } },
  after: { ...named(name, `${app}-prod`), spec: { image: `${app}:1`, replicas: 3 } },
});

/** Returns the sections of a comment by their titles. */
function parts(comment: string): Record<string, string> {
  const [, ...rest] = comment.split(/^### /m);
  return Object.fromEntries(
    rest.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end).trim()];
    }),
  );
}

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
      "**Caution:** 1 danger in this change of stack `prod`; look at each before approving.",
    );
    assert.equal(
      first(report([...opening(), message("error", "no"), ...ending("failed")])),
      "**Stopped:** this change of stack `prod` cannot be applied.",
    );
    assert.ok(commentOf(reportWith()).endsWith("\n\n<!-- platform-preview:prod -->\n"));
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

  it("shows changed leaves and nothing that stays", () => {
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
      /^\*\*update\*\* 2 objects alike: `Deployment shop-prod\/web`, `Deployment news-prod\/www`/,
    );
    assert.equal(Changes.split("spec.replicas: 2 → 3").length, 2);
  });

  it("takes changes that differ by the app's own name for the same", () => {
    const renamed = (app: string): Change => ({
      name: `${app}-stable`,
      parent: { type: "platform:app:App", name: app },
      before: { ...named(`${app}-stable`, app), spec: { to: `${app}-1` } },
      after: { ...named(`${app}-stable`, app), spec: { to: `${app}-2` } },
    });
    const { Changes = "" } = parts(commentOf(reportWith(renamed("shop"), renamed("news"))));
    assert.match(Changes, /2 objects alike.*\n\n```\nspec.to: ‹component›-1 → ‹component›-2/);
  });

  it("says of an update without a field what it waits for", () => {
    const same = named("a", "n");
    const told = reportWith({ name: "a", before: same, after: same, unready: true });
    const { Changes } = parts(commentOf(told));
    assert.match(
      Changes ?? "",
      /^\*\*update\*\* `Deployment n\/a` of `App shop`: awaited again, because it was not ready at the last update or refresh$/m,
    );
  });

  it("lists what is created and deleted by component", () => {
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

  it("shows each app's table, those that change first, and how to undo it", () => {
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
    assert.ok(undo.includes(`git diff --binary ${commit} ${base} | git apply --3way\n`));
    assert.match(undo, /npx platform preview prod\nnpx platform up prod --plan-hash <the hash/);
  });

  it("carries the plan's hash with the command that applies it, and none when it cannot be", () => {
    const good = reportWith(scaled("web", "shop"));
    assert.ok(commentOf(good).includes(`npx platform up prod --plan-hash ${good.hash}`));
    const bad = commentOf(report([...opening(), message("error", "no"), ...ending("failed")]));
    assert.doesNotMatch(bad, /plan-hash/);
    assert.match(bad, /There is no plan to approve/);
  });

  it("asks for no approval of a plan that changes nothing", () => {
    const comment = commentOf(report([...opening(), ...ending()]));
    assert.match(comment, /Nothing changes: there is nothing to approve/);
    assert.doesNotMatch(comment, /plan-hash/);
  });

  it("says that a preview could not run, in place of the former one", () => {
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

  it("says where it comes from", () => {
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

  it("names the file of each app that changes, and of no other", () => {
    const files = { shop: "apps/prod/shop.yaml", news: "apps/prod/news.yaml" };
    const apps = [
      traffic({ app: "shop", changes: true }),
      traffic({ app: "news", changes: false }),
    ];
    const told = reportOf("prod", previewOf(), apps, [], { ...provenance, files });
    const { Provenance = "" } = parts(commentOf(told));
    assert.match(
      Provenance,
      /- what changes of app `shop` is asked for by `apps\/prod\/shop\.yaml`$/m,
    );
    assert.doesNotMatch(Provenance, /news/);
  });

  it("shows the text of a refusal whole, and the warnings", () => {
    const text = 'Stack "prod" asks for illegal releases.\n  shop: no\n    → wait';
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

describe("a long comment", () => {
  const many = (count: number, size: number): Change[] =>
    Array.from({ length: count }, (_, at) => ({
      name: `web-${at}`,
      before: { ...named(`web-${at}`), spec: { [`field${at}`]: "x".repeat(size) } },
      after: { ...named(`web-${at}`), spec: { [`field${at}`]: "y".repeat(size) } },
    }));

  it("loses the end of its changes first, and says how much", () => {
    const deletion: Change = { op: "delete", name: "z", before: named("z") };
    const comment = commentOf(reportWith(...many(400, 300), deletion));
    assert.ok(comment.length < lengthLimit);
    assert.ok(comment.length > lengthLimit * 0.9, "room is left unused");
    const { Changes = "", Dangers } = parts(comment);
    assert.match(Changes, /\n\d+ more changes left out, .* `pulumi preview --stack prod --diff`$/);
    assert.equal(Dangers, "- Deleted: of `App shop`, `Deployment z`.");
    assert.match(comment, /--plan-hash [0-9a-f]{64}/);
    assert.match(comment, /### Provenance/);
  });

  it("is no longer because of one enormous value", () => {
    assert.ok(commentOf(reportWith(...many(1, 1_000_000))).length < 5000);
  });

  it("is in bounds, whole and marked, whatever it holds", () => {
    const word = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.constantFrom("```\n/close\n", "`".repeat(500), "@all <!-- -->", "|\n|-|\n", "\n\n# x"),
    );
    const one = fc.record({
      op: fc.constantFrom("create", "update", "replace", "delete"),
      name: word,
      kind: word,
      before: word,
      after: word,
    });
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 60 }),
        fc.array(word, { maxLength: 20 }),
        fc.integer({ min: 1, max: 60 }),
        (changes, texts, times) => {
          const preview = readEvents([
            ...opening(),
            ...changes.flatMap(({ op, name, kind, before, after }, at) =>
              change({
                op,
                name: `${name}${at}`,
                type: `kubernetes:v1:${kind}`,
                before: { ...named(name, name), data: before.repeat(times) },
                after: { ...named(name, name), data: after.repeat(times), [before]: after },
                keys: texts,
              }),
            ),
            ...texts.map((text) => message("error", text.repeat(times))),
            ...texts.map((text) => message("warning", text.repeat(times))),
            ...ending(),
          ]);
          const apps = texts.map((text) =>
            traffic({ app: text, table: text.repeat(times), sentences: texts, undo: texts }),
          );
          const told = reportOf("prod", preview, apps, [], { ...provenance, commit: texts.join() });
          const comment = commentOf(told);
          assert.ok(comment.length < lengthLimit, `${comment.length} characters`);
          assert.match(comment, /^\*\*(Stopped|Caution|Nothing|No object)/);
          assert.ok(comment.endsWith(`${marker("prod")}\n`));
          const own = /<details><summary>\d+ apps?, unchanged<\/summary>|<\/details>/g;
          const rest = prose(comment).replace(marker("prod"), "").replaceAll(own, "");
          assert.doesNotMatch(rest, /[@<|/]|^#(?!## [A-Z])/m);
        },
      ),
      { numRuns: 60 },
    );

    /** Returns the text outside code blocks and code spans. */
    function prose(comment: string): string {
      return comment
        .replaceAll(/^```(sh|diff)?\n[^]*?\n```$/gm, "")
        .replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "");
    }
  });
});

describe("secrets", () => {
  const planted = 'Tr0ub4dor&3 "quoted"\nsecond-line-of-it';
  const encoded = Buffer.from(planted).toString("base64");
  const leaks = [planted, encoded, "Tr0ub4dor", "second-line-of-it"];

  const events = [
    ...opening(),
    ...change({
      type: "kubernetes:core/v1:Secret",
      name: "login",
      before: { ...named("login"), stringData: { password: planted, other: "kept-as-it-is" } },
      after: { ...named("login"), stringData: { password: `${planted}!`, other: "kept-as-it-is" } },
    }),
    ...change({
      type: "kubernetes:core/v1:Secret",
      op: "create",
      name: "encoded",
      after: { ...named("encoded"), data: { password: encoded } },
    }),
    ...change({
      name: "leaky",
      before: { ...named("leaky"), env: [{ name: "A", value: "x" }] },
      after: { ...named("leaky"), env: [{ name: "A", value: `-p${planted}` }], [planted]: encoded },
    }),
    message("warning", `could not log in with ${planted}`),
  ];

  for (const [how, end] of [
    ["of a preview", ending()],
    ["of a failure", [message("error", `bad: ${encoded}`), ...ending("failed")]],
  ] as const) {
    it(`are in neither comment nor report nor plan ${how}`, () => {
      const told = report(
        [...events, ...end],
        [traffic({ sentences: [`uses ${planted}`], table: encoded })],
      );
      for (const text of [commentOf(told), reportJson(told), JSON.stringify(told.plan ?? "")]) {
        for (const leak of leaks) assert.ok(!text.includes(leak), leak);
      }
    });
  }

  it("are still seen to change", () => {
    const comment = commentOf(report([...events, ...ending()]));
    assert.match(comment, /data\.password: \(secret\) → \(secret\)/);
    assert.doesNotMatch(comment, /data\.other/);
  });
});

describe("the report", () => {
  const json = (of: Report) => JSON.parse(reportJson(of)) as Record<string, unknown>;

  it("has the counts that GitLab's widget reads, the verdict and the plan's hash", () => {
    const told = reportWith(
      { op: "create", name: "a", after: named("a") },
      { op: "delete", name: "b", before: named("b") },
      { op: "replace", name: "c", before: named("c"), after: named("c") },
      scaled("d", "shop"),
    );
    const { create, update, delete: gone, verdict, planHash, plan } = json(told);
    assert.deepEqual([create, update, gone, verdict], [2, 1, 2, "dangerous"]);
    assert.equal(planHash, told.hash);
    assert.deepEqual(plan, JSON.parse(JSON.stringify(told.plan)));
  });

  it("decides the exit code: 0 calm, 1 failed, 3 dangerous", () => {
    const failed = report([...opening(), message("error", "no"), ...ending("failed")]);
    const dangerous = reportWith({ op: "delete", before: named("a") });
    assert.equal(exitCodeOf(reportWith(scaled("a", "shop"))), 0);
    assert.equal(exitCodeOf(failed), 1);
    assert.equal(exitCodeOf(dangerous), 3);
    assert.equal(exitCodeOf(report(opening())), 1);
    assert.deepEqual([json(failed).verdict, json(failed).planHash], ["failed", undefined]);
  });

  it("counts policies that another check found among the dangers", () => {
    const preview = readEvents([...opening(), ...ending()]);
    const broken = [{ policy: "limits", message: "none" }];
    const told = reportOf("prod", preview, [], broken, provenance);
    assert.equal(exitCodeOf(told), 3);
    assert.match(commentOf(told), /- Policy `limits` is broken: `none`/);
  });
});
