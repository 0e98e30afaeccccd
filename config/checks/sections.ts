import type { DeclaredApp } from "../app";
import type { StackSections } from "../stack";

/** The sections of a stack that are valid by themselves; invalid ones are left out. */
export type ParsedSections = Partial<StackSections>;

/** Apps by name. */
export type Apps = [string, DeclaredApp][];
