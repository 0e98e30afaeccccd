import { Argument, Command } from "commander";
import { completionScript } from "./script";

const command = new Command("npx platform completion")
  .description(
    "Prints a completion script for a shell to evaluate, with a function named platform.",
  )
  .addArgument(new Argument("<shell>").choices(["bash", "zsh"]))
  .addHelpText("after", '\nExample, for ~/.bashrc: eval "$(npx platform completion bash)"')
  .showHelpAfterError();

command.parse();
console.log(completionScript(command.args[0] === "zsh" ? "zsh" : "bash"));
