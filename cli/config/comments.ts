import { resolve } from "node:path";
import ts from "typescript";
import { z } from "zod";

/** What a doc comment says about a key. */
export interface Comment {
  /** Empty if there is no comment. */
  text: string;
  /**
   * YAML after `@default`: the value of an optional key that the program, and not its schema, sets. A default that
   * depends on other keys is a sentence of the text instead.
   */
  default?: string;
  /** YAML after `@example`: for keys that have many places, such as those of a container's resources. */
  example?: string;
}

/** Doc comments of an object schema's keys. */
export type Comments = Map<z.ZodObject, Record<string, Comment>>;

/** Properties of a schema's definition that contain further schemas. */
const parts = ["innerType", "in", "out", "element", "keyType", "valueType", "left", "right"];

/**
 * Returns the doc comments of a schema's keys from its source. The schema and its type are walked in parallel,
 * because the properties of the type know where they were declared.
 * @param schema the schema that `file` exports as `name`.
 * @throws Error if the file does not export that name.
 */
export function commentsOf(schema: z.ZodType, file: string, name: string): Comments {
  const root = resolve(__dirname, "../..");
  const { config } = ts.readConfigFile(resolve(root, "tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  ) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root, { noEmit: true });
  const program = programOf(resolve(root, file), options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(resolve(root, file));
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find((it) => it.name === name);
  if (source === undefined || symbol === undefined) throw new Error(`${file} exports no ${name}`);
  const comments: Comments = new Map();
  new Walk(checker, source, comments).schema(
    schema,
    checker.getTypeOfSymbolAtLocation(symbol, source),
  );
  return comments;
}

/**
 * Returns a program of the config's source and of zod alone. Types of other packages, of Node.js and of browsers say
 * nothing about a schema, and are nine tenths of the text that the compiler would read.
 */
function programOf(file: string, given: ts.CompilerOptions): ts.Program {
  const options = { ...given, incremental: false, types: [], lib: ["lib.es2022.d.ts"] };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) =>
      /^(\.|zod(\/|$))/.test(text)
        ? ts.resolveModuleName(text, from, options, host)
        : { resolvedModule: undefined },
    );
  return ts.createProgram([file], options, host);
}

class Walk {
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly place: ts.Node,
    private readonly comments: Comments,
  ) {}

  schema(schema: z.ZodType, type: ts.Type): void {
    const definition = this.property(this.property(type, "_zod"), "def");
    if (definition === undefined) return;
    const { def } = schema._zod as unknown as { def: Record<string, unknown> };
    if (schema instanceof z.ZodObject) {
      this.object(schema, this.property(definition, "shape"));
      return;
    }
    for (const part of parts) {
      const inner = this.property(definition, part);
      if (def[part] instanceof z.ZodType && inner) this.schema(def[part], inner);
    }
    if (Array.isArray(def["options"])) this.options(def["options"], definition);
  }

  private object(schema: z.ZodObject, shape: ts.Type | undefined): void {
    if (shape === undefined || this.comments.has(schema)) return;
    const found: Record<string, Comment> = {};
    this.comments.set(schema, found);
    for (const [key, field] of Object.entries(schema.shape)) {
      const symbol = shape.getProperty(key);
      if (symbol === undefined) continue;
      found[key] = this.comment(symbol);
      this.schema(field as z.ZodType, this.checker.getTypeOfSymbolAtLocation(symbol, this.place));
    }
  }

  /** Returns the comment of a key. What it does not say, that of the constant that is assigned to it says. */
  private comment(symbol: ts.Symbol): Comment {
    const own = this.commentOn(symbol);
    const other = this.constantOf(symbol);
    if (other === undefined) return own;
    const { text, default: value, example } = this.commentOn(other);
    return {
      text: own.text || text,
      default: own.default ?? value,
      example: own.example ?? example,
    };
  }

  private commentOn(symbol: ts.Symbol): Comment {
    const tags = symbol.getJsDocTags(this.checker);
    const tagged = (name: string) => {
      const tag = tags.find((each) => each.name === name);
      return tag && ts.displayPartsToString(tag.text).trim();
    };
    return {
      text: ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).trim(),
      default: tagged("default"),
      example: tagged("example"),
    };
  }

  private constantOf(symbol: ts.Symbol): ts.Symbol | undefined {
    const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
    if (declaration === undefined) return undefined;
    if (ts.isShorthandPropertyAssignment(declaration)) {
      return this.unaliased(this.checker.getShorthandAssignmentValueSymbol(declaration));
    }
    const base = ts.isPropertyAssignment(declaration) ? baseOf(declaration.initializer) : undefined;
    return base && this.unaliased(this.checker.getSymbolAtLocation(base));
  }

  private unaliased(symbol: ts.Symbol | undefined): ts.Symbol | undefined {
    const isAlias = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    return isAlias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private options(options: unknown[], definition: ts.Type): void {
    const list = this.property(definition, "options");
    if (list === undefined) return;
    options.forEach((option, at) => {
      const type = this.property(list, String(at)) ?? list.getNumberIndexType();
      if (option instanceof z.ZodType && type) this.schema(option, type);
    });
  }

  private property(type: ts.Type | undefined, name: string): ts.Type | undefined {
    const symbol = type?.getProperty(name);
    return symbol && this.checker.getTypeOfSymbolAtLocation(symbol, this.place);
  }
}

/** Returns the constant at the start of an initializer: `gateway` in `gateway.optional()`. */
function baseOf(node: ts.Expression): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) return node;
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    return baseOf(node.expression.expression);
  }
  return undefined;
}
