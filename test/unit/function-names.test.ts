import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { checkout } from "../../local/toolchain/paths";
import { known } from "../support/imports";

/** Participles and adjectives, which read as values. */
const states =
  /^([a-z]+ed|written|shown|gone|quiet|told|made|built|found|lost|kept|taken|given|seen|sent|chosen|broken|shrunk|held|left|done|met|thrown|enough|leading|serving|guarding|waiting)$/;

/** Returns the functions that wait, or return nothing, although their name reads as a value. */
function misnamed(file: string, text: string): string[] {
  const found: string[] = [];
  const check = (
    name: ts.PropertyName | undefined,
    made: ts.FunctionDeclaration | ts.MethodDeclaration,
  ) => {
    const isAsync = made.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
    const result = made.type?.getText() ?? "";
    const acts = isAsync === true || result === "void" || /^Promise</.test(result);
    const title = name?.getText() ?? "";
    if (acts && states.test(title)) found.push(`${file}: ${title}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) check(node.name, node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

describe("functions that act", () => {
  it("are not named by participles, which read as values", () => {
    const sources = [...known].filter((file) => !file.endsWith(".test.ts"));
    const all = sources
      .map((file) => ({ file, text: readFileSync(join(checkout, file), "utf8") }))
      .filter(({ text }) =>
        [...text.matchAll(/\b([a-z]+)[(<]/g)].some(([, name = ""]) => states.test(name)),
      );
    assert.deepEqual(
      all.flatMap(({ file, text }) => misnamed(file, text)),
      [],
    );
  });

  it("are recognized", () => {
    const text = `
      async function settled(): Promise<void> {}
      function emptied(folder: string): void {}
      function sorted(list: string[]): string[] { return list; }
      async function waitUntilSettled(): Promise<void> {}`;
    assert.deepEqual(misnamed("a.ts", text), ["a.ts: settled", "a.ts: emptied"]);
  });
});
