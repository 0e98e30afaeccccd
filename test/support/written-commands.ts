import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import ts from "typescript";
import { verbOf, verbs } from "../../cli/verbs";
import { checkout } from "../../local/toolchain/paths";
import { commandOf } from "./commands";

/** A command that a page or a message tells people to run. */
export interface WrittenCommand {
  place: string;
  /** After `npx platform`. */
  words: string[];
}

/** Returns the commands in a page, or in the texts of a TypeScript file; an expression in a text is `…`. */
export function commandsIn(file: string): WrittenCommand[] {
  const source = readFileSync(join(checkout, file), "utf8");
  const texts = file.endsWith(".ts") ? textsOf(source) : [source];
  return texts.flatMap((text) => commandsInText(text, file));
}

/** Returns the commands in a text. */
export function commandsInText(text: string, origin: string): WrittenCommand[] {
  return [...text.matchAll(/npx platform (?=[a-z])/g)].map(({ 0: call, index }) => ({
    place: `${origin}: ${text.slice(index, index + 80).split("\n")[0]}`,
    words: wordsAt(text, index + call.length, text[index - 1] === "`"),
  }));
}

/** Returns why a command cannot be run as it is written; undefined if it can, or only names a verb. */
export function problemOf(words: readonly string[]): string | undefined {
  const found = verbOf(words);
  if (found === undefined) return undefined;
  let command: Command = commandOf(
    Object.keys(verbs).find((name) => verbs[name] === found.verb) ?? "",
  );
  let rest = found.rest;
  while (command.commands.length > 0) {
    const next = command.commands.find((each) => each.name() === rest[0]);
    // It names the verb, or any of its commands.
    if (next === undefined) return undefined;
    [command, rest] = [next, rest.slice(1)];
  }
  const isName = rest.length === 0 || rest.includes("--help");
  return isName ? undefined : missingIn(command, rest, found.verb.stack === true);
}

function missingIn(command: Command, rest: readonly string[], takesStack: boolean) {
  const given = new Set<string>();
  let values = 0;
  for (let at = 0; at < rest.length; at++) {
    const [word = "", inline] = (rest[at] ?? "").split("=");
    if (!word.startsWith("-")) {
      values++;
      continue;
    }
    const option = command.options.find(({ long, short }) => [long, short].includes(word));
    if (option === undefined) {
      const isStack = takesStack && ["-s", "--stack"].includes(word);
      if (!isStack) return `there is no option ${word}`;
      continue;
    }
    given.add(option.attributeName());
    if ((option.required || option.optional) && inline === undefined) at++;
    if (option.required && inline === undefined && rest[at] === undefined)
      return `${word} has no value`;
  }
  const missing = command.options.find((it) => it.mandatory && !given.has(it.attributeName()));
  if (missing !== undefined) return `it has no ${missing.long}`;
  const needed = command.registeredArguments.filter(({ required }) => required);
  return values < needed.length ? `it has no <${needed[values]?.name()}>` : undefined;
}

/** Returns the words of a command, which ends with its code span, its line or its part of a sentence. */
function wordsAt(text: string, start: number, isSpan: boolean): string[] {
  const rest = text.slice(start).replaceAll("\\\n", " ");
  const [line = ""] = isSpan ? rest.split("`") : rest.split(/[\n`]/);
  const words: string[] = [];
  for (const [word] of line.matchAll(/"[^"]*"|'[^']*'|\$\([^)]*\)|[^\s"']+/g)) {
    if (/^([|&#>;(]|2>)/.test(word)) break;
    const [, own = "", end] = /^(.*?)([,;:)]|\):.*|\.(?!\S))?$/.exec(word) ?? [];
    if (own !== "") words.push(own);
    if (end !== undefined) break;
  }
  return words;
}

function textsOf(source: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) {
      texts.push(
        node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(""),
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("texts.ts", source, ts.ScriptTarget.Latest));
  return texts;
}
