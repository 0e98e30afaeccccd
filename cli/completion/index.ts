import { Argument } from "commander";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { completionScript, shells, type Shell } from "./script";

const program = new VerbCommand("npx platform completion")
  .description(
    "Prints a completion script for a shell to evaluate, with a function named platform.",
  )
  .addArgument(new Argument("<shell>", "shell that evaluates the script").choices(shells))
  .addHelpText("after", "\nThe shell must have started in the checkout.")
  .examples(
    ['eval "$(npx platform completion bash)"', "in ~/.bashrc"],
    ['eval "$(npx platform completion zsh)"', "in ~/.zshrc"],
    ["npx platform completion fish | source", "in ~/.config/fish/config.fish"],
  )
  .action((shell: Shell) => console.log(completionScript(shell)));

runVerb(program);
