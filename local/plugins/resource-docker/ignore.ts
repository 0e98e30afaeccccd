/** Decides by a .dockerignore file which files are no part of a build context. */
export interface IgnoreRules {
  /** Whether the file or folder at `path`, relative and with slashes, is left out. */
  ignores(path: string): boolean;
  /** Whether a folder that is left out can be skipped: no rule brings back anything below it. */
  readonly prunable: boolean;
}

interface Rule {
  pattern: RegExp;
  negated: boolean;
}

/**
 * Reads the rules of a .dockerignore file: one pattern a line, `#` for comments, `!` to bring back,
 * the last rule that matches a path or a folder above it decides.
 */
export function parseIgnoreFile(text: string): IgnoreRules {
  const rules = text.split(/\r?\n/).flatMap(parseRule);
  return {
    prunable: !rules.some((rule) => rule.negated),
    ignores: (path) => {
      const above = path.split("/").map((_, i, parts) => {
        return parts.slice(0, i + 1).join("/");
      });
      return rules.reduce(
        (ignored, { pattern, negated }) =>
          above.some((part) => pattern.test(part)) ? !negated : ignored,
        false,
      );
    },
  };
}

function parseRule(line: string): Rule[] {
  if (line.startsWith("#")) return [];
  const trimmed = line.trim();
  const negated = trimmed.startsWith("!");
  const path = clean(negated ? trimmed.slice(1).trim() : trimmed);
  return path === "" ? [] : [{ pattern: toRegExp(path), negated }];
}

/** The path without `.`, `..`, doubled and outer slashes: patterns start at the context's root. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** `**` stands for any folders, `*` and `?` for characters of one name, `[…]` for one of a set. */
function toRegExp(pattern: string): RegExp {
  const tokens = /\*\*\/|\*\*|\*|\?|\[\^?(?:\\.|[^\]\\])+\]|\\.|./gs;
  const source = pattern.replace(tokens, (token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token.length > 2 && token.startsWith("[")) return token;
    return escape(token.startsWith("\\") ? token.slice(1) : token);
  });
  return new RegExp(`^${source}$`, "s");
}

function escape(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
