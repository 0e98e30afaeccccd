import assert from "node:assert/strict";
import { readEvents } from "../../../../cli/preview/events";
import { secretMark } from "../../../../cli/preview/secrets";
import { byParent, pairReplacements, titleOf, titlesOf } from "../../../../cli/preview/steps";
import { withFailure } from "../../../../cli/preview/run";
import { change, ending, event, message, named, opening, previewOf, type Change } from "./support";

const configMap = (op: string, name: string, size: number): Change => ({
  op,
  type: "kubernetes:core/v1:ConfigMap",
  name,
  parent: { type: "platform:app:App$platform:app:Release", name: "shop-1-4-2" },
  [op === "delete" ? "before" : "after"]: {
    ...named(name, "commerce"),
    data: { "shop.yaml": `currency: EUR\npageSize: ${size}\n` },
  },
});

describe("a preview's events", () => {
  it("contain one step for each change, sorted, with its component", () => {
    const { steps, unchanged, finished } = previewOf(
      { op: "same", name: "quiet", before: named("quiet"), after: named("quiet") },
      { name: "b", before: named("b", "commerce"), after: named("b", "commerce") },
      { op: "create", name: "a", after: named("a") },
    );
    assert.deepEqual(
      steps.map((step) => [step.op, titleOf(step), step.parent, step.real]),
      [
        ["create", "Deployment a", "App shop", true],
        ["update", "Deployment commerce/b", "App shop", true],
      ],
    );
    assert.equal(unchanged, 1);
    assert.equal(finished, true);
  });

  it("contain a replacement once, not its three parts", () => {
    const fields = { before: named("a"), after: named("a") };
    const { steps } = previewOf(
      { ...fields, op: "create-replacement" },
      { ...fields, op: "replace", keys: ["spec.selector"] },
      { before: named("a"), op: "delete-replaced" },
    );
    assert.deepEqual(
      steps.map(({ op, causes }) => [op, causes]),
      [["replace", ["spec.selector"]]],
    );
  });

  it("omit reads", () => {
    const { steps } = previewOf(
      { op: "read", after: named("a") },
      { op: "refresh", before: named("a"), after: named("a") },
    );
    assert.deepEqual(steps, []);
  });

  it("distinguish a component from an object", () => {
    const { steps } = previewOf({
      op: "create",
      type: "platform:app:Release",
      component: true,
      after: {},
    });
    assert.deepEqual(
      steps.map(({ real, kind }) => [real, kind]),
      [[false, "Release"]],
    );
  });

  it("pass on what was recorded about the releases", () => {
    assert.deepEqual(readEvents(opening({ shop: { schema: 1 } })).records, { shop: { schema: 1 } });
    assert.deepEqual(readEvents([]).records, {});
  });

  it("are not finished without a summary, or with a failed one", () => {
    assert.equal(readEvents(opening()).finished, false);
    assert.equal(readEvents([...opening(), ...ending("failed")]).finished, false);
  });

  it("contain errors and warnings once, without colors and the engine's own noise", () => {
    const { errors, warnings } = readEvents([
      message("error", "<{%fg 1%}>no<{%reset%}>\n"),
      message("error", "no"),
      message("warning", "using pulumi-language-nodejs from $PATH at /x/y"),
      message("warning", "old API"),
    ]);
    assert.deepEqual([errors, warnings], [["no"], ["old API"]]);
  });

  it("contain the violations of the engine's own policies", () => {
    const { violations } = readEvents([
      event({
        policyEvent: {
          resourceUrn: "urn:pulumi:prod::platform::kubernetes:apps/v1:Deployment::shop",
          message: "no limits",
          color: "never",
          policyName: "limits",
          policyPackName: "p",
          policyPackVersion: "1",
          policyPackVersionTag: "1",
          enforcementLevel: "mandatory",
        },
      }),
    ]);
    assert.deepEqual(violations, [
      { policy: "limits", object: "kubernetes:apps/v1:Deployment shop", message: "no limits" },
    ]);
  });

  it("mask a Secret's values everywhere: in plain text, encoded and line by line", () => {
    const clear = "correct horse\nbattery staple";
    const encoded = Buffer.from(clear).toString("base64");
    const preview = readEvents([
      ...opening(),
      ...change({
        op: "create",
        type: "kubernetes:core/v1:Secret",
        name: "login",
        after: { ...named("login"), data: { password: encoded } },
      }),
      ...change({
        op: "create",
        name: "leak",
        after: { ...named("leak"), a: `x ${clear}`, b: encoded, c: ["battery staple"] },
      }),
      message("error", "cannot log in with correct horse"),
    ]);
    const leak = preview.steps.find(({ name }) => name === "leak");
    assert.deepEqual(leak?.after, {
      ...named("leak"),
      a: `x ${secretMark}`,
      b: secretMark,
      c: [secretMark],
    });
    assert.deepEqual(preview.errors, [`cannot log in with ${secretMark}`]);
  });

  it("keep short words that a Secret happens to contain", () => {
    const preview = readEvents([
      ...change({
        op: "create",
        type: "kubernetes:core/v1:Secret",
        after: { stringData: { enabled: "true" } },
      }),
      message("warning", "this is true"),
    ]);
    assert.deepEqual(preview.warnings, ["this is true"]);
  });
});

describe("an engine that fails", () => {
  const empty = readEvents([]);

  it("reports the reason on its output if there are no events", () => {
    const text =
      "code: -2\n stdout: \nerror: no stack named 'x' found\nerror: no stack named 'x' found";
    const { errors, finished } = withFailure(empty, text);
    assert.deepEqual(errors, ["error: no stack named 'x' found"]);
    assert.equal(finished, false);
  });

  it("is reported from the events if they contain a reason", () => {
    const told = readEvents([message("error", "refused"), ...ending()]);
    const { errors, finished } = withFailure(told, "error: update failed");
    assert.deepEqual(errors, ["refused"]);
    assert.equal(finished, false);
  });

  it("is never mistaken for one without changes", () => {
    assert.deepEqual(withFailure(empty, undefined).errors, [
      "the engine did not finish the preview",
    ]);
    const whole = readEvents([...opening(), ...ending()]);
    assert.equal(withFailure(whole, undefined), whole);
  });
});

describe("an object with its content's hash in its name", () => {
  it("is one change, with the content before and after", () => {
    const { steps } = previewOf(
      configMap("create", "shop-files-15c8d3d23c", 25),
      configMap("delete", "shop-files-1abcae971f", 20),
    );
    const [step, ...others] = pairReplacements(steps);
    assert.deepEqual(others, []);
    assert.equal(step?.op, "update");
    assert.deepEqual(step?.before?.data, { "shop.yaml": "currency: EUR\npageSize: 20\n" });
    assert.deepEqual(step?.after?.data, { "shop.yaml": "currency: EUR\npageSize: 25\n" });
  });

  it("remains a deletion if nothing replaces it", () => {
    const { steps } = previewOf(
      configMap("create", "shop-other-15c8d3d23c", 25),
      configMap("delete", "shop-files-1abcae971f", 20),
    );
    assert.deepEqual(
      pairReplacements(steps)
        .map(({ op }) => op)
        .sort(),
      ["create", "delete"],
    );
  });
});

describe("lists of objects", () => {
  const many = Array.from({ length: 30 }, (_, at): Change => {
    const name = `app-${String(at).padStart(2, "0")}`;
    const parent = { type: "platform:app:App", name: at < 29 ? "shop" : "news" };
    return { op: "create", name, parent, after: named(name) };
  });

  it("name some and count the rest", () => {
    const text = titlesOf(previewOf(...many).steps);
    assert.match(text, /^`Deployment app-00`, .* and 5 more$/);
  });

  it("are grouped by the component", () => {
    const sizes = byParent(previewOf(...many).steps).map((group) => group.length);
    assert.deepEqual(sizes.sort(), [1, 29]);
  });
});

describe("the outputs of the last update", () => {
  it("describe each app", () => {
    const apps = { shop: { namespace: "shops", scaling: { min: 2 } } };
    const { metadata } = opening()[0]?.resourcePreEvent ?? {};
    assert.ok(metadata?.old);
    const old = { ...metadata.old, outputs: { apps } };
    const events = [event({ resourcePreEvent: { metadata: { ...metadata, old } } })];
    assert.deepEqual(readEvents(events).apps, apps);
    assert.deepEqual(readEvents([]).apps, {});
  });
});
