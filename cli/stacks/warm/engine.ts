import { pulumiEngine, type Engine } from "../../../engine/runs";
import type { WarmPrograms } from "./programs";

/**
 * Returns an engine whose previews run their programs in shared processes. A preview whose program ends with an error
 * that it does not report itself runs again with a process of its own, as a preview with `pulumi` does. Updates always
 * have processes of their own.
 */
export function warmEngine(programs: WarmPrograms, plain = pulumiEngine): Engine {
  return {
    ...plain,
    async run(verb, stack, configFile) {
      if (verb !== "preview") return plain.run(verb, stack, configFile);
      const { ended, programFailed } = await programs.use((flags) =>
        plain.run(verb, stack, configFile, flags),
      );
      if (!programFailed) return ended;
      const again = await plain.run(verb, stack, configFile);
      const reason = `The program ended unexpectedly in a process that it shares with those of other stacks:`;
      return { ...again, output: `${again.output}\n${reason}\n${ended.output}` };
    },
  };
}
