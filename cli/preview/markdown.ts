/**
 * Safe Markdown for GitLab: no value can end its own markup, mention a person,
 * run a quick action or hide characters.
 */

/** Longest value in running text; a reader recognises it long before. */
const longestInline = 300;

/** What stands at the end of a text that was cut. */
const ellipsis = "…";

/**
 * Characters that would change how the rest of a line is read: controls, zero-width ones, and those
 * that turn the direction of writing.
 */
const invisible = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Half of a character outside of the basic plane, as a cut leaves it. */
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text of at most `most` characters. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, Math.max(0, most - ellipsis.length)).replace(/[\ud800-\udbff]$/, "")}${ellipsis}`;
}

/** A text on one line, every character of it visible. */
export function oneLine(text: string): string {
  return visible(text.replaceAll("\r\n", "\n")).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** A value as inline code. */
export function code(text: string | number): string {
  const line = cut(oneLine(String(text)), longestInline);
  if (line.trim() === "") return `\`"${line}"\``;
  const fence = "`".repeat(longestRun(line) + 1);
  const room = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${room}${line}${room}${fence}`;
}

/** A sentence whose values are inline code: words`weight of ${app} changes`. */
export function words(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts
    .map((part, at) => part + (at < values.length ? code(values[at] ?? "") : ""))
    .join("");
}

/**
 * Lines as a block of code. The fence is always three backticks, since GitLab looks for quick actions
 * everywhere but between those; longer runs within are broken up by a space.
 */
export function block(text: string, language = ""): string {
  const lines = visible(text.replaceAll("\r\n", "\n"))
    .replaceAll(/`{3,}/g, (run) => [...run].join(" "))
    .replaceAll("\t", "  ")
    // Not even in a block that a reader of another kind does not recognise.
    .replaceAll(/^\//gm, " /");
  return `\`\`\`${language}\n${lines}\n\`\`\``;
}

/** Something that a reader opens, in GitLab, GitHub and Gitea alike. @param title plain words. */
export function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** Whole lines of a text, as many as have room, and how many are missing. */
export function firstLines(lines: readonly string[], most: number): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > most) break;
    kept.push(line);
  }
  const missing = lines.length - kept.length;
  return missing === 0 ? kept : [...kept, `… and ${missing} more`];
}

function visible(text: string): string {
  return text
    .replaceAll(loneSurrogate, "\ufffd")
    .replaceAll(invisible, (it) => `\\u${(it.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
