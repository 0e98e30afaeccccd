import type { DeclaredApp } from "../app";
import type { StackSections } from "../stack";

/** The sections of a stack that parsed; a section with errors of its own is left out. */
export type ParsedSections = Partial<StackSections>;

/** Apps by name. */
export type Apps = [string, DeclaredApp][];
