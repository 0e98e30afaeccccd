import { verbs } from "../verbs";

/** Returns the words that can follow, by the beginning of the command line. */
function followingWords(): Map<string, Set<string>> {
  const after = new Map<string, Set<string>>();
  const add = (line: string, word: string) => {
    after.set(line, (after.get(line) ?? new Set()).add(word));
  };
  for (const [name, { commands = [] }] of Object.entries(verbs)) {
    const words = name.split(" ");
    words.forEach((word, index) => add(words.slice(0, index).join(" "), word));
    for (const command of commands) add(name, command);
  }
  return after;
}

/** Returns the verbs whose next argument is the name of a stack. */
function verbsBeforeStack(): string[] {
  return Object.entries(verbs).flatMap(([name, { stack, stackCommands = [] }]) => [
    ...(stack === true ? [name] : []),
    ...stackCommands.map((command) => `${name} ${command}`),
  ]);
}

/**
 * Returns the script that bash, or zsh in its bash emulation, evaluates to complete `platform`, and the
 * function `platform` itself.
 */
export function completionScript(shell: "bash" | "zsh"): string {
  const cases = [...followingWords()].map(
    ([line, words]) => `    "${line}") words="${[...words].sort().join(" ")}" ;;`,
  );
  const stacks = verbsBeforeStack().map((line) => `"${line}"`);
  return [
    ...(shell === "zsh" ? ["autoload -U +X bashcompinit && bashcompinit"] : []),
    'platform() { npx platform "$@"; }',
    "_platform_stacks() {",
    "  local file",
    "  for file in Pulumi.*.yaml; do",
    '    file="${file#Pulumi.}"',
    '    [ "$file" = "*.yaml" ] || printf "%s " "${file%.yaml}"',
    "  done",
    "}",
    "_platform() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" words=""',
    '  local line="${COMP_WORDS[*]:1:COMP_CWORD-1}"',
    '  case "$line" in',
    ...cases,
    `    ${[...stacks, '*" --stack"', '*" -s"'].join(" | ")}) words="$(_platform_stacks)" ;;`,
    '    *) [ "${current#-}" = "$current" ] || words="--stack --help" ;;',
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -o default -F _platform platform",
  ].join("\n");
}
