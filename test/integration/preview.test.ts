import assert from "node:assert/strict";
import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { planFolder } from "../../cli/preview/store";
import { checkRulesHash, type AppRecord, type CheckEvidence } from "../../releases";
import { previewScripts } from "../support/ci-scripts";
import { describeHandChanges } from "../support/hand-changes";
import { TestStack } from "../support/project";
import { waitUntilScaled, soonScaled } from "../support/scaled";
import { applyTransform, shownTransform } from "../support/transformed-stack";
import { describeUnknownObjects } from "../support/unknown-objects";

interface Apps {
  shop: {
    canary?: { version: string; weight: number; check?: CheckEvidence };
    stable: { version: string };
  };
  news?: { scaling: { min: number; max: number } };
}

describe("the preview of a merge request on a real API server", () => {
  let cluster: Cluster;
  let stack: TestStack;
  let original: Record<string, unknown>;
  const kept: string[] = [];
  before(async () => {
    cluster = await startCluster({ name: "preview", gatewayCrds: true, ...soonScaled });
    stack = new TestStack("preview", cluster);
    stack.keepApps("shop", "news");
    stack.keepParts("placement", "tenancy", "gateway");
    stack.omitGatewayCrds();
    await stack.create();
    await applyTransform(stack);
    await waitUntilScaled((...args) => stack.kubectl(...args));
    original = stack.config();
  });
  after(async () => {
    await stopCluster("preview");
    stack.remove();
    for (const hash of kept) rmSync(join(planFolder, `${hash}.json`), { force: true });
  });

  function edit(change: (apps: Apps) => void): void {
    stack.edit((config) => change(config["platform:apps"] as Apps));
  }

  async function previewStack(code: number): Promise<string> {
    const ended = await stack.platform("preview");
    assert.equal(ended.code, code, ended.output);
    return ended.output;
  }

  function hashIn(comment: string): string {
    const hash = /--plan-hash ([0-9a-f]{64})/.exec(comment)?.[1];
    assert.ok(hash !== undefined, comment);
    kept.push(hash);
    return hash;
  }

  async function canaryWeight(): Promise<string> {
    return stack.kubectl(
      ...["get", "httproute", "shop", "-n", "commerce-dev", "-o"],
      "jsonpath={.spec.rules[1].backendRefs[1].weight}",
    );
  }

  /** Makes the canary an hour old, and returns a check of it as anyone who edits the file can write it. */
  async function writeCheck(): Promise<CheckEvidence> {
    let rules: string | undefined;
    await stack.editState(({ resources }) => {
      const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
      const { releases } = root?.outputs as { releases: { shop: AppRecord } };
      const { guard, releases: live } = releases.shop;
      assert.ok(guard?.check !== undefined && live["1.5.0"] !== undefined);
      live["1.5.0"].canarySince = new Date(Date.now() - 3_600_000).toISOString();
      rules = checkRulesHash(guard.check);
    });
    const at = new Date().toISOString();
    return { verdict: "pass", at, release: "1.5.0", samples: 2000, rules };
  }

  let approved: string;
  let check: CheckEvidence;

  it("shows a change of a canary's weight and nothing else, and how to undo it", async () => {
    check = await writeCheck();
    edit(({ shop }) => {
      shop.canary = { version: "1.5.0", weight: 50, check };
    });
    const report = join(stack.folder, "preview.json");
    const { code, output } = await stack.platform("preview", "--report", report);
    assert.equal(code, 0, output);
    assert.match(output, /\*\*Nothing dangerous\*\* in this change of stack `preview`\./);
    assert.match(output, /0 to create, 1 to update, 0 to delete/);
    assert.match(output, /1\.4\.2 .*stable +90% → 50%/);
    assert.match(output, /1\.5\.0 .*canary +10% → 50%/);
    assert.match(
      output,
      /`HTTPRoute commerce-dev\/shop` of `App shop`\n\n```\nspec\.rules\[1\]\.backendRefs\[shop-stable\]\.weight: 90 → 50\nspec\.rules\[1\]\.backendRefs\[shop-canary\]\.weight: 10 → 50\n```/,
    );
    assert.match(
      output,
      /on which the record of this update relies, could not be repeated: `there is no Prometheus to ask`/,
    );
    assert.match(output, /npx platform release weight shop 10 --stack preview --update/);
    const uid = await stack.kubectl("get", "ns", "kube-system", "-o", "jsonpath={.metadata.uid}");
    assert.match(output, new RegExp(`cluster \`${uid}\`, Kubernetes \`v1\\.`));
    assert.ok(output.includes(shownTransform), output);
    assert.match(output, /<!-- platform-preview:preview -->/);
    approved = hashIn(output);
    const { update, planHash } = JSON.parse(readFileSync(report, "utf8")) as Record<
      string,
      unknown
    >;
    assert.deepEqual([update, planHash], [1, approved]);
  });

  it("does not let another plan be applied with the hash of the approved one", async () => {
    edit(({ shop }) => {
      shop.canary = { version: "1.5.0", weight: 60 };
    });
    const { code, output } = await stack.platform("up", "--plan-hash", approved);
    assert.equal(code, 1, output);
    assert.match(output, /would change differently than approved; nothing was changed/);
    assert.match(output, /- spec\.rules\[1\]\.backendRefs\[shop-canary\]\.weight: 10 → 50/);
    assert.match(output, /\+ spec\.rules\[1\]\.backendRefs\[shop-canary\]\.weight: 10 → 60/);
    assert.equal(await canaryWeight(), "10");
  });

  it("lets the approved plan be applied", async () => {
    edit(({ shop }) => {
      shop.canary = { version: "1.5.0", weight: 50, check };
    });
    const { code, output } = await stack.platform("up", "--plan-hash", approved);
    assert.equal(code, 0, output);
    assert.match(
      output,
      /^shop: the check of 1\.5\.0, on which .* could not be repeated: there is no Prometheus/m,
    );
    assert.match(output, /HTTPRoute shop updated/);
    assert.equal(await canaryWeight(), "50");
  });

  describeHandChanges({
    stack: () => stack,
    original: () => original,
    applied: () => approved,
    edit: (weight) =>
      edit(({ shop }) => {
        shop.canary = { version: "1.5.0", weight };
      }),
    previewed: previewStack,
    hashIn,
    canaryWeight,
  });

  describeUnknownObjects(() => stack, previewStack);

  it("accepts nothing else as a hash", async () => {
    const { code, output } = await stack.platform("up", "--plan-hash", "");
    assert.equal(code, 1, output);
    assert.match(output, /64 hexadecimal digits/);
  });

  it("shows why a change is refused, and gives no hash for it", async () => {
    stack.edit((config) => {
      config["platform:releases"] = { forcedCanary: true, checkRequired: false };
    });
    edit(({ shop }) => {
      delete shop.canary;
      shop.stable = { version: "9.9.9" };
    });
    const comment = await previewStack(1);
    assert.match(comment, /\*\*Stopped:\*\* this change of stack `preview` cannot be applied\./);
    assert.match(comment, /9\.9\.9 is requested as stable/);
    assert.match(
      comment,
      /- `shop` requests a release that the rules do not allow \(`canary-before-stable`\)/,
    );
    assert.doesNotMatch(comment, /plan-hash/);
  });

  describe("of a config that deletes a team's namespace", () => {
    before(() => {
      stack.edit((config) => {
        config["platform:releases"] = { forcedCanary: false };
        const apps = config["platform:apps"] as Record<string, { team: string }>;
        const { tenancy } = config["platform:components"] as {
          tenancy: { teams: Record<string, unknown> };
        };
        for (const [name, { team }] of Object.entries(apps)) {
          if (team === "content") delete apps[name];
        }
        delete tenancy.teams.content;
        (apps.shop as unknown as Apps["shop"]).stable = { version: "1.4.2" };
      });
    });

    /** Replaces the preview of the other scripts, which run the same command, by that of the first one. */
    let ended: string | undefined;

    for (const [name, script] of previewScripts()) {
      it(`fails with the script of ${name}`, async () => {
        // The files of this stack are not in the project's folder, and there is no merge request.
        const text = script.replaceAll(/\b(preview\.(json|md)|plan\.env)\b/g, `${stack.folder}/$1`);
        const npx = ended ?? `command npx "$@" --config-file '${stack.configFile}'`;
        const written = join(stack.folder, "preview.json");
        rmSync(written, { force: true });
        const { code, output } = await stack.shell(
          `npx() { ${npx}; }\n${text.replace(" --post", "")}`,
        );
        assert.equal(code, 1, output);
        const report = JSON.parse(readFileSync(written, "utf8")) as Record<string, unknown>;
        assert.equal(report.verdict, "failed");
        assert.equal(report.planHash, undefined);
        assert.match(
          JSON.stringify(report.errors),
          /deleteData \(mandatory\).*Namespace content-dev/,
        );
        ended ??= repeated(stack.folder);
      });
    }
  });
});

/**
 * Moves the files that a failed preview wrote.
 * @param folder folder with `preview.json` and `preview.md`.
 * @returns commands of the shell that write them to where their arguments ask for them, and fail like that preview.
 */
function repeated(folder: string): string {
  for (const name of ["preview.json", "preview.md"]) {
    renameSync(join(folder, name), join(folder, `former-${name}`));
  }
  const former = join(folder, "former-preview");
  return [
    "for option; do",
    `case $former in --report) cp '${former}.json' "$option";; --out) cp '${former}.md' "$option";; esac;`,
    "former=$option; done; return 1",
  ].join(" ");
}
