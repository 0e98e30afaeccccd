import type { AppConfig } from "../app";
import type { StackConfig } from "../stack";

/** The sections of a stack that parsed; a section with errors of its own is left out. */
export type ParsedSections = Partial<StackConfig>;

/** Apps by name. */
export type Apps = [string, AppConfig][];
