import { imageFacts } from "../../../versions/image-facts";
import type { Assembled, AssembledFacts } from "../facts";
import { program, shell } from "../layers";

/** An image of one program that the toolchain builds. */
export interface BuiltProgram extends Pick<Assembled, "differs"> {
  /** The program's name in the toolchain. */
  binary: string;
  /** Where it is in the image. */
  path: string;
}

/** Returns the images of programs, with a shell if the official image has one. */
export function builtImages<Part extends keyof typeof imageFacts>(
  all: Record<Part, BuiltProgram>,
): Record<Part, Assembled> {
  return Object.fromEntries(
    Object.entries<BuiltProgram>(all).map(([name, { binary, path, differs }]) => {
      const facts: AssembledFacts = imageFacts[name as Part];
      const base = facts.shell === undefined ? [] : [shell];
      return [name, { facts, differs, layers: [...base, program(binary, path)] }];
    }),
  ) as Record<Part, Assembled>;
}
