import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

const project = join(__dirname, "../..");

/** Returns the exported interfaces of a source text whose names end in `Args`. */
function argsInterfaces(name: string, text: string): ts.InterfaceDeclaration[] {
  return ts
    .createSourceFile(name, text, ts.ScriptTarget.Latest, true)
    .statements.filter(ts.isInterfaceDeclaration)
    .filter((each) => each.name.text.endsWith("Args"))
    .filter(({ modifiers = [] }) =>
      [...modifiers].some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
    );
}

/** Returns the members of these interfaces without a doc comment, as `file: Interface.member`. */
function undocumented(name: string, text: string): string[] {
  return argsInterfaces(name, text).flatMap((each) =>
    each.members
      .filter((member) => ts.getJSDocCommentsAndTags(member).length === 0)
      .map((member) => `${name}: ${each.name.text}.${member.name?.getText() ?? "?"}`),
  );
}

/** Returns the optional members of these interfaces whose doc comment does not say what happens without them. */
function withoutDefault(name: string, text: string): string[] {
  return argsInterfaces(name, text).flatMap((each) =>
    each.members
      .filter(({ questionToken }) => questionToken !== undefined)
      .filter((member) => {
        const [comment] = ts.getJSDocCommentsAndTags(member);
        return !/Default:|\bOmit /.test(comment?.getText().replace(/\s*\n\s*\*/g, "") ?? "");
      })
      .map((member) => `${name}: ${each.name.text}.${member.name?.getText() ?? "?"}`),
  );
}

describe("arguments of components", () => {
  it("have a doc comment for every property, with the default of an optional one", () => {
    const folder = join(project, "components");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file));
    // Parsing every file would take seconds.
    const texts = files
      .map((file) => [relative(project, file), readFileSync(file, "utf8")] as const)
      .filter(([, text]) => /^export interface \w*Args\b/m.test(text));

    assert.ok(texts.length > 50, `expected the Args of all components, got ${texts.length} files`);
    assert.deepEqual(
      texts.flatMap(([name, text]) => undocumented(name, text)),
      [],
      "Document the meaning, unit and default of each property.",
    );
    assert.deepEqual(
      texts.flatMap(([name, text]) => withoutDefault(name, text)),
      [],
      "Say what an optional property is without a value: `Default: …`, or `Omit it …`.",
    );
  });

  it("finds a property without one", () => {
    const text = `
      export interface PartArgs {
        /** Number of pods. */
        replicas: number;
        // Not a doc comment.
        host?: string;
      }
      interface LocalArgs {
        size: string;
      }
      export interface Options {
        size: string;
      }`;
    assert.deepEqual(undocumented("part.ts", text), ["part.ts: PartArgs.host"]);
    assert.deepEqual(withoutDefault("part.ts", text), ["part.ts: PartArgs.host"]);
  });
});
