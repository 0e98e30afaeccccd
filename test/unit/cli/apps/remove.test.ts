import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { removeApp } from "../../../../cli/apps/remove";
import { discover } from "../../../../cli/stacks/discover";
import { declared, Project } from "../fleet/support";

describe("npx platform apps remove", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
    for (const app of ["shop", "news"]) project.app(`apps/prod/${app}.yaml`, declared());
    project.app("apps/web/mail.yaml", declared());
  });
  afterEach(() => project.remove());

  const stack = (appFiles: unknown) => project.stack("prod", { "platform:appFiles": appFiles });
  const remove = (app: string) => removeApp(app, "prod", project.folder);
  const read = () => readFileSync(join(project.folder, "Pulumi.prod.yaml"), "utf8");
  const left = () => {
    const [entry] = discover(project.folder, "", project.folder);
    assert.equal(entry?.error, undefined);
    return Object.keys((entry?.config["platform:apps"] ?? {}) as object).sort();
  };

  it("deletes the app's file, and leaves the stack's file unchanged if it names other apps too", () => {
    stack("apps/prod");
    const before = read();
    assert.deepEqual(remove("shop"), ["apps/prod/shop.yaml"]);
    assert.ok(!existsSync(join(project.folder, "apps/prod/shop.yaml")));
    assert.equal(read(), before);
    assert.deepEqual(left(), ["news"]);
  });

  for (const [what, selection, app, others] of [
    ["the app's file", ["apps/prod/shop.yaml", "apps/web"], "shop", ["mail"]],
    ["a folder that is empty then", ["apps/web", "apps/prod"], "mail", ["news", "shop"]],
    ["a pattern for it alone", "apps/web/m*.yaml", "mail", []],
  ] as const) {
    it(`no longer names ${what} in the stack's file, which is valid afterwards`, () => {
      stack(selection);
      assert.equal(remove(app).length, 2);
      assert.deepEqual(left(), others);
    });
  }

  it("deletes an entry in the stack's file, with the comments of the others kept", () => {
    project.file(
      "Pulumi.prod.yaml",
      "config:\n  platform:apps:\n    # Ours.\n    cart: { team: commerce }\n    gone: { team: commerce }\n",
    );
    remove("gone");
    assert.equal(read(), "config:\n  platform:apps:\n    # Ours.\n    cart: { team: commerce }\n");
  });

  it("refuses an app that the stack does not declare, and names those that it has", () => {
    stack("apps/prod");
    assert.throws(
      () => remove("mail"),
      /expected an app of stack prod, got mail; it has news, shop/,
    );
  });
});
