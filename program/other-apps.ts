import { readFileSync } from "node:fs";
import { join } from "node:path";
import { selectedFiles } from "../config/app-files";
import type { StackConfig } from "../config";
import { platformNameOf } from "../config/groups";
import { configIn, readYaml } from "../config/yaml";
import { stackFile, stacks } from "../config/stack-file";

/** An app of another stack on the same platform, as its file declares it. */
export interface OtherApp {
  stack: string;
  app: string;
  /** Its settings, unchecked. */
  given: Record<string, unknown>;
  /** File that declares it, unless the other stack's own file does. */
  file?: string;
  /** The searched words that its file contains. */
  words: string[];
}

/** The stack that searches. */
export interface Asking extends Pick<StackConfig, "platformStack"> {
  /** Without organization and project. */
  name: string;
  /** Folder of the project's stack files. */
  folder: string;
  /** Only files that contain one of these words are parsed; without words, every app of the platform is found. */
  words?: ReadonlySet<string>;
}

/** Returns another stack's app as errors name it. */
export function whereOf({ stack, app, file }: OtherApp): string {
  return `app ${app} of stack ${stack}${file === undefined ? "" : ` (${file})`}`;
}

/** State of a search. */
interface Search extends Asking {
  /** Files of apps that were already read, because several stacks may name the same file. */
  texts: Map<string, string>;
}

/**
 * Returns the apps of the other stacks on the same platform whose files contain one of the words. Because the
 * files are those of the same commit, a preview needs no other stack's state and gives the same result
 * everywhere. Reading is fast and parsing is slow, and the words avoid parsing most files.
 */
export function otherApps(asking: Asking): OtherApp[] {
  const search = { ...asking, texts: new Map<string, string>() };
  return stacks(asking.folder)
    .filter((other) => other !== asking.name)
    .flatMap((other) => appsOf(other, search));
}

function appsOf(stack: string, search: Search): OtherApp[] {
  const { name, platformStack, folder } = search;
  const file = stackFile(stack, folder);
  const text = readFileSync(file, "utf8");
  const words = search.words === undefined ? [] : wordsIn(text, search.words);
  const isWanted =
    search.words === undefined || words.length > 0 || text.includes("platform:appFiles");
  if (!isWanted || !mayShare(stack, text, search)) return [];
  const config = configOf(file);
  if (!onSamePlatform({ name, platformStack }, { name: stack, config })) return [];
  const inline = Object.entries(mapping(config["platform:apps"]));
  return [
    ...inline.map(([app, given]) => ({ stack, app, given: mapping(given), words })),
    ...appsInFiles(stack, config["platform:appFiles"], search),
  ];
}

/** Returns the apps in the files that another stack names. */
function appsInFiles(
  stack: string,
  selection: unknown,
  { words: wanted, folder, texts }: Search,
): OtherApp[] {
  const { origins } = selectedFiles(selection, folder);
  return Object.entries(origins).flatMap(([app, file]) => {
    const path = join(folder, file);
    if (wanted === undefined) return [{ stack, app, given: contentOf(path), file, words: [] }];
    const text = texts.get(file) ?? readFileSync(path, "utf8");
    texts.set(file, text);
    const words = wordsIn(text, wanted, [app]);
    return words.length === 0 ? [] : [{ stack, app, given: contentOf(path), file, words }];
  });
}

function wordsIn(text: string, wanted: ReadonlySet<string>, more: string[] = []): string[] {
  const words = new Set([...text.split(/[^\w.-]+/), ...more]);
  return [...words].filter((word) => wanted.has(word));
}

/** Whether a stack's file contains what it needs to be {@link onSamePlatform}, which only its parsed config says. */
function mayShare(stack: string, text: string, { name, platformStack }: Asking): boolean {
  if (platformStack === undefined) return text.includes(`/${name}`);
  return stack === platformNameOf(name, platformStack) || text.includes(platformStack);
}

/**
 * Whether two stacks are app stacks of one platform stack, or one of them is the platform stack of the other.
 */
function onSamePlatform(
  own: { name: string; platformStack?: string },
  other: { name: string; config: Record<string, unknown> },
): boolean {
  const theirs = other.config["platform:platformStack"];
  if (own.platformStack === undefined) {
    return typeof theirs === "string" && platformNameOf(other.name, theirs) === own.name;
  }
  return theirs === undefined
    ? platformNameOf(own.name, own.platformStack) === other.name
    : theirs === own.platformStack;
}

/**
 * Returns the config in a file. A file that cannot be read contains no app; its own stack reports the error.
 */
function configOf(file: string): Record<string, unknown> {
  try {
    return configIn(file, readYaml(file).document);
  } catch {
    return {};
  }
}

function contentOf(path: string): Record<string, unknown> {
  try {
    return mapping(readYaml(path).document.toJS());
  } catch {
    return {};
  }
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
