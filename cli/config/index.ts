import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { shownPath } from "../../local/commands/caller";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { stacks } from "../../config/stack-file";
import { environmentsFile, environmentsPage, fullConfig } from "./environments";
import { explain, explanationText } from "./explain";
import type { JsonSchema } from "./json-schema";
import { outdated, referenceFiles, referenceFolder } from "./reference";
import {
  appFileSchema,
  configSchemas,
  partOfFileSchema,
  schemaFiles,
  stackFileSchema,
} from "./schema";
import { setConfig } from "./set";

const program = new VerbCommand("npx platform config").description(
  "Explains and changes the keys of the stacks' files.",
);

program
  .command("explain")
  .description("prints what a key means, its type, its default and the keys below it")
  .argument("<key>", "for example platform:apps.shop.scaling or components.gateway.replicas")
  .option("--json", "prints JSON instead of text")
  .examples(
    "npx platform config explain components.gateway.exposure",
    "npx platform config explain platform:apps.shop.scaling --json",
  )
  .action((key: string, { json }: { json?: true }) => {
    // A test fails if the committed schema differs from the program's.
    const file = resolve(__dirname, "../..", referenceFolder, schemaFiles.stack);
    const schema = JSON.parse(readFileSync(file, "utf8")) as JsonSchema;
    const explained = explain(partOfFileSchema(schema), key);
    console.log(
      json === true ? JSON.stringify(explained, undefined, 2) : explanationText(explained),
    );
  });

program
  .command("set")
  .description(
    "changes one key in the file that contains it; other lines do not change, and an invalid config is not written",
  )
  .argument("<stack>", "name of the stack, for example dev")
  .argument("<key>", "for example apps.shop.scaling.max")
  .argument("<value>", 'a value in YAML: 4, true, "1.10", { min: 2, max: 4 }')
  .option("--text", "treats the value as text, whatever it looks like")
  .option("--config-dir <dir>", "folder of the stacks' files", ".")
  .examples("npx platform config set prod apps.shop.scaling.max 20", [
    "npx platform config set prod apps.shop.stable.version 1.10 --text",
    "1.10 is no number",
  ])
  .action(
    (stack: string, key: string, value: string, options: { text?: true; configDir: string }) => {
      const { text, configDir: folder } = options;
      console.log(`Wrote ${shownPath(setConfig({ stack, key, value, isText: text, folder }))}.`);
    },
  );

program
  .command("unset")
  .description("removes one key from the file that contains it")
  .argument("<stack>", "name of the stack, for example dev")
  .argument("<key>", "for example apps.shop.freeze")
  .option("--config-dir <dir>", "folder of the stacks' files", ".")
  .examples("npx platform config unset prod apps.shop.freeze")
  .action((stack: string, key: string, { configDir: folder }: { configDir: string }) => {
    console.log(`Wrote ${shownPath(setConfig({ stack, key, folder }))}.`);
  });

program
  .command("schema")
  .description("prints the JSON Schema of a file, for editors and other tools")
  .argument("<kind>", "stack or app")
  .examples("npx platform config schema app > app.schema.json")
  .action((kind: string) => {
    if (kind !== "stack" && kind !== "app") {
      throw new Error(`<kind>: expected stack or app, got ${JSON.stringify(kind)}`);
    }
    const { stack, app } = configSchemas();
    const schema = kind === "stack" ? stackFileSchema(stack) : appFileSchema(app);
    console.log(JSON.stringify(schema, undefined, 1));
  });

program
  .command("reference")
  .description(`writes ${referenceFolder}: a page for each part, and the schemas of the files`)
  .option("--check", "writes nothing; reports each file that is outdated")
  .examples("npx platform config reference", ["npx platform config reference --check", "in CI"])
  .exitCodes({ 0: "written; with --check: up to date", 1: "not written; with --check: outdated" })
  .action(({ check }: { check?: true }) => {
    const files = referenceFiles(configSchemas());
    if (check === true) {
      const old = outdated(files);
      for (const file of old) console.error(`${file}: outdated; run npx platform config reference`);
      if (old.length > 0) process.exitCode = 1;
      return;
    }
    mkdirSync(referenceFolder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(referenceFolder, name), text);
    }
    console.log(`Wrote ${Object.keys(files).length} files to ${shownPath(referenceFolder)}.`);
  });

program
  .command("environments")
  .description(`writes ${environmentsFile}: what differs between the stacks`)
  .examples("npx platform config environments")
  .action(() => {
    writeFileSync(environmentsFile, environmentsPage(stacks(), fullConfig));
    console.log(`Wrote ${shownPath(environmentsFile)}.`);
  });

runVerb(program);
