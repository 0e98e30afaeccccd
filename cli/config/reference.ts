import { readFileSync } from "node:fs";
import { join } from "node:path";
import { entriesOf, type Entry } from "./entries";
import { examplesOf, longestCell } from "./examples";
import type { JsonSchema } from "./json-schema";
import { appFileSchema, schemaFiles, stackFileSchema, type ConfigSchemas } from "./schema";

/** Folder of the reference, relative to the project's folder. */
export const referenceFolder = "docs/reference";

const generated =
  "<!-- Written by `npx platform config reference`; edit the comments in config/ and cli/config/examples/ instead. -->";

/** Returns every file of the reference by its name: pages for people, schemas for editors. */
export function referenceFiles({ stack, app }: ConfigSchemas): Record<string, string> {
  const { components, apps, ...rest } = stack.properties ?? {};
  if (components?.properties === undefined || apps === undefined) {
    throw new Error("the schema of a stack: expected components and apps, got none");
  }
  const parts = Object.entries(components.properties);
  const pages = parts.map(([part, schema]): [string, string] => [
    `${part}.md`,
    page(`platform:components.${part}`, schema, part),
  ]);
  return {
    "README.md": overview(parts.map(([part, schema]) => [part, schema.description ?? ""])),
    "stack.md": page("platform", { ...stack, properties: rest }, "stack"),
    ...Object.fromEntries(pages),
    "apps.md": page("platform:apps.<app>", app, "apps"),
    [schemaFiles.stack]: `${JSON.stringify(stackFileSchema(stack), undefined, 1)}\n`,
    [schemaFiles.app]: `${JSON.stringify(appFileSchema(app), undefined, 1)}\n`,
  };
}

function overview(parts: [part: string, meaning: string][]): string {
  return [
    "# Reference of the config",
    "",
    generated,
    "",
    "Every key of `Pulumi.<stack>.yaml` and of `apps/<environment>/<app>.yaml`. The same in a terminal:",
    "`npx platform config explain platform:components.gateway.replicas`. Editors with a YAML language server",
    "complete and check the files, which name their schema in the first line.",
    "",
    "- [stack](stack.md): the keys of the whole stack",
    "- [apps](apps.md): an app, in a stack's file or in a file of its own",
    ...parts.map(([part, meaning]) => `- [${part}](${part}.md): ${firstSentence(meaning)}`),
    "",
  ].join("\n");
}

function firstSentence(text: string): string {
  const [first = ""] = text.replace(/\s+/g, " ").split(/(?<=\.)\s/);
  return first;
}

function page(key: string, schema: JsonSchema, examples: string): string {
  const blocks = examplesOf(examples).texts.flatMap((text) => ["```yaml", text, "```", ""]);
  return [
    `# ${key}`,
    "",
    generated,
    "",
    ...(schema.description === undefined ? [] : [schema.description, ""]),
    "| key | type | default | example | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...merged(entriesOf(schema)).map(row),
    "",
    blocks.length > 4 ? "## Examples" : "## Example",
    "",
    ...blocks,
  ].join("\n");
}

/** Returns the entries with keys of several forms merged if they have the same meaning. */
function merged(entries: Entry[]): Entry[] {
  const rows = new Map<string, Entry>();
  for (const entry of entries) {
    const { key, type, meaning, form } = entry;
    const id = JSON.stringify([key, type, meaning, entry.default, entry.required]);
    const former = rows.get(id);
    const forms = [former?.form, form].filter((it) => it !== undefined);
    rows.set(id, {
      ...entry,
      form: forms.length === 0 ? undefined : [...new Set(forms)].join("` or `"),
    });
  }
  return [...rows.values()];
}

function row(entry: Entry): string {
  const { key, type, required, meaning, form, example = "", default: defaultValue = "" } = entry;
  const value = required ? "required" : code(defaultValue);
  const shown = example.length > longestCell ? "[below](#examples)" : code(example);
  const text = form === undefined ? meaning : `With ${code(form)}: ${meaning}`;
  return `| ${[code(key), cell(type), value, shown, cell(text)].join(" | ")} |`;
}

function code(text: string): string {
  if (text === "") return "";
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replace(/([<*_])/g, (sign, _, at: number) => (insideCode(text, at) ? sign : `\\${sign}`));
}

function insideCode(text: string, at: number): boolean {
  return (text.slice(0, at).match(/`/g)?.length ?? 0) % 2 === 1;
}

/** Returns the files of the reference that are missing or outdated. */
export function outdated(files: Record<string, string>, folder = referenceFolder): string[] {
  return Object.entries(files)
    .filter(([name, text]) => {
      try {
        return readFileSync(join(folder, name), "utf8") !== text;
      } catch {
        return true;
      }
    })
    .map(([name]) => join(folder, name));
}
