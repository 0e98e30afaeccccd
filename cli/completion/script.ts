import { fishScript } from "./fish";
import { verbsBeforeStack, optionsOf, followingWords } from "./words";

/** Shells that have a completion. */
export const shells = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof shells)[number];

/** Returns the script that a shell evaluates to complete `platform`, and the function `platform` itself. */
export function completionScript(shell: Shell): string {
  if (shell === "fish") return fishScript();
  // Without these functions, zsh has neither the emulation of bash nor what it registers completions with.
  const zsh = [
    "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }",
    "autoload -U +X bashcompinit && bashcompinit",
  ];
  return [...(shell === "zsh" ? zsh : []), bashScript()].join("\n");
}

/** Returns the script of bash, which zsh evaluates in its emulation. There, `words` has another meaning. */
function bashScript(): string {
  const words = [...followingWords()].map(
    ([line, after]) => `    "${line}") choices="${after.join(" ")}" ;;`,
  );
  const options = optionsOf().map(
    ([line, names]) => `    "${line} "*) choices="${names.join(" ")}" ;;`,
  );
  const stacks = verbsBeforeStack().map((line) => `"${line}"`);
  return [
    'platform() { npx platform "$@"; }',
    "_platform_stacks() {",
    "  local file",
    "  for file in Pulumi.*.yaml; do",
    '    file="${file#Pulumi.}"',
    '    [ "$file" = "*.yaml" ] || printf "%s " "${file%.yaml}"',
    "  done",
    "}",
    "_platform() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" choices=""',
    // zsh reads a colon before a letter as a modifier.
    '  local before="${COMP_WORDS[*]:1:$((COMP_CWORD - 1))}"',
    '  case "$current" in',
    '  -*) case "$before " in',
    ...options,
    '    *) choices="--help" ;;',
    "  esac ;;",
    '  *) case "$before" in',
    ...words,
    `    ${[...stacks, '*" --stack"', '*" -s"'].join(" | ")}) choices="$(_platform_stacks)" ;;`,
    "  esac ;;",
    "  esac",
    '  COMPREPLY=($(compgen -W "$choices" -- "$current"))',
    "}",
    "complete -o default -F _platform platform",
  ].join("\n");
}
