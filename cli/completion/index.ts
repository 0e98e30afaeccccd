import { Argument, Command } from "commander";
import { runVerb } from "../../local/commands/main";
import { completionScript, shells, type Shell } from "./script";

const program = new Command("npx platform completion")
  .description(
    "Prints a completion script for a shell to evaluate, with a function named platform.",
  )
  .addArgument(new Argument("<shell>", "shell that evaluates the script").choices(shells))
  .addHelpText(
    "after",
    `
Examples, for ~/.bashrc, ~/.zshrc and ~/.config/fish/config.fish, in a shell that starts in the checkout:
  eval "$(npx platform completion bash)"
  eval "$(npx platform completion zsh)"
  npx platform completion fish | source`,
  )
  .showHelpAfterError()
  .action((shell: Shell) => console.log(completionScript(shell)));

runVerb(program);
