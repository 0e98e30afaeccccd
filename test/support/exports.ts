import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";
import { checkout } from "../../local/toolchain/paths";

/** A name that a file exports. */
interface Export {
  file: string;
  name: string;
  line: number;
  /** The file and the name that it re-exports. Default: the file declares the name itself. */
  from?: { file: string; name: string };
}

/** Stands for all exports of a file, for an import of the whole file. */
const everything = "*";

/**
 * Returns exports of `sources` that nothing uses: no other file imports them, and their own file does not use them
 * either. A re-export must be imported by a file.
 * @param files files that may import them, relative to the checkout.
 */
export function unusedExports(sources: string[], files: string[]): string[] {
  const known = new Set([...sources, ...files]);
  const parsed = new Map([...known].map((file) => [file, parse(file)]));
  const exported = [...parsed].flatMap(([file, source]) => exportsOf(file, source, known));
  const used = new Set([...parsed].flatMap(([file, source]) => importsOf(file, source, known)));
  const isUsed = ({ file, name }: { file: string; name: string }) =>
    used.has(`${file}#${name}`) || used.has(`${file}#${everything}`);
  // An import of a re-exported name uses the original one; a re-export may name another re-export.
  for (let found = true; found;) {
    found = false;
    for (const entry of exported) {
      if (entry.from === undefined || !isUsed(entry) || isUsed(entry.from)) continue;
      used.add(`${entry.from.file}#${entry.from.name}`);
      found = true;
    }
  }
  return exported
    .filter((entry) => sources.includes(entry.file) && !isUsed(entry))
    .filter(({ file, name, from }) => from !== undefined || !isNamedTwice(parsed.get(file), name))
    .map(({ file, line, name }) => `${file}:${line} ${name}`);
}

function parse(file: string): ts.SourceFile {
  const text = readFileSync(join(checkout, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
}

function isNamedTwice(source: ts.SourceFile | undefined, name: string): boolean {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name) count += 1;
    ts.forEachChild(node, visit);
  };
  if (source !== undefined) visit(source);
  return count > 1;
}

function resolve(from: string, specifier: ts.Expression | undefined, known: Set<string>) {
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return undefined;
  if (!specifier.text.startsWith(".")) return undefined;
  const path = posix.join(dirname(from), specifier.text);
  return [path, `${path}.ts`, `${path}/index.ts`].find((it) => known.has(it));
}

function exportsOf(file: string, source: ts.SourceFile, known: Set<string>): Export[] {
  const lineOf = (node: ts.Node) =>
    source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  return source.statements.flatMap((statement): Export[] => {
    const line = lineOf(statement);
    if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      if (clause === undefined || !ts.isNamedExports(clause)) return [];
      const from = resolve(file, statement.moduleSpecifier, known);
      return clause.elements.map((element) => ({
        file,
        name: element.name.text,
        line: lineOf(element),
        ...(from === undefined
          ? {}
          : { from: { file: from, name: (element.propertyName ?? element.name).text } }),
      }));
    }
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    return namesOf(statement).map((name) => ({ file, name, line }));
  });
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    const boundNames = (name: ts.BindingName): string[] =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((it) => (ts.isBindingElement(it) ? boundNames(it.name) : []));
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  const { name } = statement as { name?: ts.Node };
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}

/** Returns what a file imports, as `<file>#<name>`. */
function importsOf(file: string, source: ts.SourceFile, known: Set<string>): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const to = resolve(file, node.moduleSpecifier, known);
      const bindings = node.importClause?.namedBindings;
      if (to !== undefined && bindings !== undefined) {
        if (ts.isNamespaceImport(bindings)) found.push(`${to}#${everything}`);
        else {
          for (const { propertyName, name } of bindings.elements) {
            found.push(`${to}#${(propertyName ?? name).text}`);
          }
        }
      }
    } else if (ts.isExportDeclaration(node) && node.exportClause === undefined) {
      const to = resolve(file, node.moduleSpecifier, known);
      if (to !== undefined) found.push(`${to}#${everything}`);
    } else if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === "require";
      const to = isImport || isRequire ? resolve(file, node.arguments[0], known) : undefined;
      if (to !== undefined) found.push(`${to}#${everything}`);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const to = resolve(file, node.argument.literal as ts.Expression, known);
      if (to !== undefined) found.push(`${to}#${everything}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
