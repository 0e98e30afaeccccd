/**
 * Safe Markdown for GitLab: no value can end its own markup, mention a person,
 * run a quick action or hide characters.
 */

/** Maximum length of a value in running text, which is more than a reader needs to recognize it. */
const longestInline = 300;

/** End of a text that was cut. */
const ellipsis = "…";

/**
 * Characters that would change how the rest of a line is read: controls, zero-width ones, and those
 * that turn the direction of writing.
 */
const invisible = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Half of a character outside the Basic Multilingual Plane, which a cut can leave. */
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Returns a text of at most `max` characters. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, Math.max(0, max - ellipsis.length)).replace(/[\ud800-\udbff]$/, "")}${ellipsis}`;
}

/** Returns a text on one line in which every character is visible. */
export function oneLine(text: string): string {
  return visible(text.replaceAll("\r\n", "\n")).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** Returns a value as inline code. */
export function code(text: string | number): string {
  const line = shorten(oneLine(String(text)), longestInline);
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
 * Returns lines as a block of code. The fence is always three backticks, because GitLab looks for quick actions
 * everywhere except between those. Longer runs inside are broken up by a space.
 */
export function block(text: string, language = ""): string {
  const lines = visible(text.replaceAll("\r\n", "\n"))
    .replaceAll(/`{3,}/g, (run) => [...run].join(" "))
    .replaceAll("\t", "  ")
    // Also safe if another Markdown parser does not recognize the block.
    .replaceAll(/^\//gm, " /");
  return `\`\`\`${language}\n${lines}\n\`\`\``;
}

/**
 * Returns a foldable section, for GitLab, GitHub and Gitea.
 * @param title plain words.
 */
export function foldedBlock(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** Returns as many whole lines of a text as fit, and the number of missing ones. */
export function firstLines(lines: readonly string[], max: number): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > max) break;
    kept.push(line);
  }
  const missing = lines.length - kept.length;
  return missing === 0 ? kept : [...kept, `… and ${missing} more`];
}

/**
 * Replaces invisible characters, and breaks up the beginnings of HTML comments: a comment on a request is found by a
 * hidden marker, which no value may imitate.
 */
function visible(text: string): string {
  return text
    .replaceAll(loneSurrogate, "\ufffd")
    .replaceAll("<!--", "<! --")
    .replaceAll(invisible, (it) => `\\u${(it.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
