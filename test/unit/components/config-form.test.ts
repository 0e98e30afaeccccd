import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { parseStack, type StackConfig } from "../../../config";
import { components } from "../../../config/components";
import { stackFileConfig } from "../../../config/stack-file";
import { platformValues } from "../../../config/yaml";
import { partsOf } from "../../../program/parts";
import { stackNames } from "../../support/stacks";

const folder = join(__dirname, "../../../components");

/** Components that are declared once for each app or package, and not once for a section of the config. */
const perEntry = ["app", "charts"];

/** Sections whose entries are declared one by one. */
const listSections = ["charts", "manifests"];

const partNames = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "index.ts")))
  .map(({ name }) => name)
  .filter((name) => !perEntry.includes(name));

/** Returns how the arguments of a part's component differ from `PartArgs` with facts. */
function otherForms(part: string, texts: readonly string[]): string[] {
  const form = `PartArgs<"${part}">`;
  const statements = texts.flatMap((text) => [
    ...ts.createSourceFile("part.ts", text, ts.ScriptTarget.Latest, true).statements,
  ]);
  const made = statements
    .filter(ts.isClassDeclaration)
    .filter(({ heritageClauses = [] }) =>
      heritageClauses.some((clause) => clause.getText() === "extends pulumi.ComponentResource"),
    )
    .flatMap(({ members }) => members.filter(ts.isConstructorDeclaration));
  const [args, ...others] = made.map(({ parameters }) => parameters[1]?.type?.getText());
  if (args === undefined || others.length > 0) return ["expected one component"];
  const declared = statements.find(
    (each): each is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
      (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)) &&
      each.name.text === args,
  );
  if (declared === undefined) return [`expected ${args} in index.ts or args.ts`];
  if (ts.isTypeAliasDeclaration(declared)) {
    return declared.type.getText() === form ? [] : [`${args}: expected ${form}`];
  }
  const extended = (declared.heritageClauses ?? []).flatMap(({ types }) =>
    types.map((type) => type.getText()),
  );
  const fields = declared.members.map(({ name }) => name?.getText() ?? "");
  const sections = fields.filter((field) => ["config", "context", part].includes(field));
  return [
    ...(extended.join() === form ? [] : [`${args} extends: expected ${form}, got ${extended}`]),
    ...sections.map((field) => `${args}.${field}: expected only facts next to the config`),
  ];
}

/** Returns which values of `partsOf` are not the stack's own section with facts next to it. */
function reshaped(stack: StackConfig, rows: Record<string, unknown>): string[] {
  const sections = Object.entries(stack.components).filter(
    ([name, section]) => section !== undefined && !listSections.includes(name),
  );
  return sections.flatMap(([name, section]: [string, object]) => {
    const { config, ...facts } = (rows[name] ?? {}) as { config?: unknown };
    const own = Object.entries(section) as [string, unknown][];
    const repeated = Object.entries(facts).filter(([fact, value]) =>
      own.some(
        ([key, field]) =>
          field !== undefined && field === value && (key === fact || typeof field === "object"),
      ),
    );
    return [
      ...(config === section ? [] : [`${name}: expected the section itself as config`]),
      ...repeated.map(([fact]) => `${name}.${fact}: expected no value of the part's own section`),
    ];
  });
}

describe("what a component returns", () => {
  it("is no output of a constant, which orders nothing", () => {
    const all = [...partNames, ...perEntry];
    const wrapped = all.filter((name) =>
      readFileSync(join(folder, name, "index.ts"), "utf8").includes("pulumi.output("),
    );
    assert.deepEqual(wrapped, [], "Return a constant as it is; an output comes from a resource.");
  });
});

describe("the config of a part", () => {
  it("has a component in the folder of its name", () => {
    const sections = Object.keys(components.shape).filter((name) => !listSections.includes(name));
    assert.deepEqual([...partNames].sort(), sections.sort());
  });

  for (const name of partNames) {
    it(`enters ${name} in the form of all parts`, () => {
      const texts = ["index.ts", "args.ts"]
        .map((file) => join(folder, name, file))
        .filter((path) => existsSync(path))
        .map((path) => readFileSync(path, "utf8"));
      assert.deepEqual(otherForms(name, texts), []);
    });
  }

  for (const name of stackNames) {
    it(`is the section of stack ${name}, unchanged`, () => {
      const parsed = parseStack(name, platformValues(stackFileConfig(name)));
      // Charts would be rendered.
      const parts = { ...parsed.components, charts: undefined, manifests: undefined };
      const stack = { ...parsed, components: parts };
      assert.deepEqual(reshaped(stack, partsOf(stack)), []);
    });
  }

  const component = (args: string) => `
    export class Queue extends pulumi.ComponentResource {
      constructor(name: string, args: ${args}, opts: pulumi.ComponentResourceOptions) {}
    }`;
  const forms: [form: string, declaration: string, found: string[]][] = [
    ["spread", "interface QueueArgs extends QueueConfig {}", ["got QueueConfig"]],
    [
      "under its own key",
      "interface QueueArgs { queue: QueueConfig }",
      ["got ", "QueueArgs.queue"],
    ],
    ["of another part", 'type QueueArgs = PartArgs<"ci">;', ['expected PartArgs<"queue">']],
    [
      "twice",
      'interface QueueArgs extends PartArgs<"queue"> { queue: object }',
      ["QueueArgs.queue"],
    ],
    ["in the form of all parts", 'interface QueueArgs extends PartArgs<"queue"> {}', []],
  ];
  for (const [form, declaration, found] of forms) {
    it(`is recognized ${form}`, () => {
      const problems = otherForms("queue", [component("QueueArgs"), declaration]);
      assert.equal(problems.length, found.length, problems.join("\n"));
      found.forEach((part, index) => assert.ok(problems[index]?.includes(part), problems[index]));
    });
  }

  it("is recognized if it is changed before it enters the part", () => {
    const tenancy = { teams: {}, dnsServers: [] };
    const stack = { components: { tenancy } } as unknown as StackConfig;
    assert.deepEqual(reshaped(stack, { tenancy: { config: tenancy, branch: "main" } }), []);
    assert.deepEqual(reshaped(stack, { tenancy: { config: { ...tenancy } } }), [
      "tenancy: expected the section itself as config",
    ]);
    assert.deepEqual(reshaped(stack, { tenancy: { config: tenancy, teams: tenancy.teams } }), [
      "tenancy.teams: expected no value of the part's own section",
    ]);
  });
});
