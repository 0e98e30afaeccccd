/** Files that a .dockerignore file excludes from a build context. */
export interface IgnoreRules {
  /** Whether the file or folder at `path`, relative and with slashes, is excluded. */
  ignores(path: string): boolean;
  /** Whether excluded folders can be skipped, because no rule includes anything inside them again. */
  readonly prunable: boolean;
}

interface Rule {
  pattern: RegExp;
  negated: boolean;
}

/**
 * Parses a .dockerignore file: one pattern per line, `#` for comments, `!` to include again. The last rule that matches
 * a path or a parent folder applies.
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

/**
 * Returns the path without `.`, `..`, and doubled, leading or trailing slashes: patterns are relative to the context.
 */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** `**` matches any folders, `*` and `?` match characters within a name, `[…]` one character of a set. */
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
