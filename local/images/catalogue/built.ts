import type { Assembled, ImageFacts } from "../facts";
import { program, shell } from "../layers";

/** An image of one program that the toolchain builds. */
export interface BuiltProgram extends Pick<Assembled, "differs"> {
  /** The program's name in the toolchain. */
  binary: string;
  /** Where it is in the image. */
  path: string;
  facts: ImageFacts;
}

/** Returns the images of programs, with a shell if the official image has one. */
export function builtImages<Part extends string>(
  all: Record<Part, BuiltProgram>,
): Record<Part, Assembled> {
  return Object.fromEntries(
    Object.entries<BuiltProgram>(all).map(([name, { binary, facts, path, differs }]) => [
      name,
      { facts, differs, layers: [...(facts.shell ? [shell] : []), program(binary, path)] },
    ]),
  ) as Record<Part, Assembled>;
}
