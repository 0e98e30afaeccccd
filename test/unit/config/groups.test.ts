import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { filesOf, readAppFiles } from "../../../config/app-files";
import {
  appsBefore,
  isRollback,
  groupErrors,
  readGroups,
  type RequestedReleases,
} from "../../../config/groups";

describe("release groups", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "groups-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const errorsOf = (text: string) => {
    write("apps/groups/prod/checkout.yaml", text);
    return readGroups("prod", folder).problems.flatMap(({ errors }) =>
      errors.map(({ key, message }) => `${key}: ${message}`),
    );
  };
  const between = (...texts: string[]) => {
    texts.forEach((text, index) => write(`apps/groups/prod/g${index}.yaml`, text));
    const stacks: Record<string, string> = { a: "one", b: "two", c: "one" };
    return groupErrors(readGroups("prod", folder).groups, (app) => stacks[app]).map(
      ({ key, message }) => `${key}: ${message}`,
    );
  };

  it("are files below the folder of their platform", () => {
    write("apps/groups/prod/checkout.yaml", "waves: [[a], [b, c]]\n");
    write("apps/groups/gray/other.yaml", "waves: [[a]]\n");
    assert.deepEqual(readGroups("prod", folder), {
      groups: [
        {
          name: "checkout",
          file: "apps/groups/prod/checkout.yaml",
          waves: [["a"], ["b", "c"]],
          release: {},
        },
      ],
      problems: [],
    });
    assert.deepEqual(readGroups("none", folder).groups, []);
  });

  it("are refused with the file and the key", () => {
    const file = "apps/groups/prod/checkout.yaml";
    assert.deepEqual(errorsOf("waves: [[a], []]\n"), [
      `${file}: waves[1]: expected at least one app, got none; remove the wave`,
    ]);
    assert.deepEqual(errorsOf("waves: []\n"), [
      `${file}: waves: expected at least one wave, got none`,
    ]);
    assert.deepEqual(errorsOf("wafes: []\nwaves: [[a]]\n"), [
      `${file}: wafes: expected one of the keys release, waves, got "wafes"; did you mean "waves"?`,
    ]);
    assert.match(errorsOf("waves: [[")[0] ?? "", new RegExp(`^${file}: is not valid YAML`));
    write("apps/groups/prod/Check Out.yaml", "waves: [[a]]\n");
    assert.match(
      readGroups("prod", folder).problems[0]?.errors[0]?.message ?? "",
      /expected the name of a group and \.yaml, got Check Out\.yaml/,
    );
  });

  it("have each app once, and only apps of the platform", () => {
    assert.deepEqual(between("waves: [[a, ghost]]\n", "waves: [[b], [a]]\n"), [
      'apps/groups/prod/g0.yaml: waves[0][1]: expected an app of the platform, got "ghost"',
      'apps/groups/prod/g1.yaml: waves[1][0]: expected an app that is in no group yet, got "a", which apps/groups/prod/g0.yaml: waves[0] has; leave one of them out',
    ]);
  });

  it("release only apps of their waves, and never make two stacks wait for each other", () => {
    assert.deepEqual(between("waves: [[a], [b], [c]]\nrelease: { x: { to: 1.0.0 } }\n"), [
      'apps/groups/prod/g0.yaml: release.x: expected an app of one of the waves, got "x"; remove it',
      "apps/groups/prod/g0.yaml: waves: expected an order of the stacks, got stacks one and two each before and after the other; put the apps of one of them into neighboring waves, or into separate stacks",
    ]);
    assert.deepEqual(between("waves: [[a], [c], [b]]\n"), []);
  });

  it("are not app files, whatever pattern names them", () => {
    write("apps/groups/prod/checkout.yaml", "waves: [[a]]\n");
    write("apps/prod/shop.yaml", "team: commerce\n");
    assert.deepEqual(filesOf("apps/*", folder), ["apps/prod/shop.yaml"]);
    assert.deepEqual(filesOf("apps/*/*.yaml", folder), ["apps/prod/shop.yaml"]);
    assert.deepEqual(Object.keys(readAppFiles("apps/groups/prod", folder).apps), []);
  });

  it("advance wave by wave, and go back in the opposite order once every file requests the former release", () => {
    const group = {
      name: "checkout",
      file: "",
      waves: [["a"], ["b", "c"], ["d"]],
      release: { a: { from: "1.0.0", to: "2.0.0" }, b: { from: "1.0.0", to: "2.0.0" } },
    };
    assert.deepEqual(appsBefore(group, "d", false), ["a", "b", "c"]);
    assert.deepEqual(appsBefore(group, "b", true), ["d"]);
    assert.deepEqual(appsBefore(group, "a", false), []);
    assert.deepEqual(appsBefore(group, "other", false), []);
    const asked = (a: RequestedReleases, b: RequestedReleases) =>
      isRollback(group, (app) => ({ a, b })[app]);
    const canary = { stable: "1.0.0", canary: { key: "2.0.0", weight: 0 } };
    assert.equal(asked({ stable: "1.0.0" }, { stable: "1.0.0" }), true);
    assert.equal(asked({ stable: "1.0.0" }, canary), false);
    assert.equal(asked({ stable: "2.0.0" }, { stable: "1.0.0" }), false);
    assert.equal(
      isRollback({ release: {} }, () => undefined),
      false,
    );
  });
});
