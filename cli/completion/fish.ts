import { verbsBeforeStack, optionsOf, followingWords } from "./words";

/** Returns the completion script of fish, and the function `platform` itself. */
export function fishScript(): string {
  const cases = (
    entries: Iterable<[string, readonly string[]]>,
    pattern: (line: string) => string,
  ) =>
    [...entries].flatMap(([line, words]) => [
      `      case ${pattern(line)}`,
      `        printf '%s\\n' ${words.join(" ")}`,
    ]);
  const stacks = verbsBeforeStack().map((line) => `'${line}'`);
  return [
    "function platform; npx platform $argv; end",
    "function __platform_stacks",
    "  for file in Pulumi.*.yaml",
    "    string replace -r '^Pulumi\\.(.*)\\.yaml$' '$1' $file",
    "  end",
    "end",
    "function __platform_words",
    "  set -l tokens (commandline -opc)",
    "  set -l before (string join -- ' ' $tokens[2..-1])",
    "  if string match -q -- '-*' (commandline -ct)",
    '    switch "$before "',
    ...cases(optionsOf(), (line) => `'${line} *'`),
    "      case '*'",
    "        printf '%s\\n' --help",
    "    end",
    "  else",
    '    switch "$before"',
    ...cases(followingWords(), (line) => `'${line}'`),
    `      case ${stacks.join(" ")} '* --stack' '* -s'`,
    "        __platform_stacks",
    "    end",
    "  end",
    "end",
    "complete -c platform -n 'count (__platform_words) >/dev/null' -f -a '(__platform_words)'",
  ].join("\n");
}
