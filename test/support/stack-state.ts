/** A resource in a stack's state. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  /** Whether another resource has replaced it, and the next update deletes it. */
  delete?: boolean;
  /** Whether it is not managed by the stack. */
  external?: boolean;
  outputs?: Record<string, unknown>;
  /** URNs of its dependencies, in total and by property. */
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
}

/** A stack's state, as the engine exports it. */
export interface StackState {
  /** Version of the format. */
  version: number;
  /** `resources` is undefined before the first update; `time` is that of the last update. */
  deployment: { manifest: { time: string }; resources: StateResource[] };
}

/** Key of an object that stands for a secret, with a value that says so. */
const signature = "4dabf18193072939515e22adb298388d";
const ofSecret = "1b47061264138c4ac30d75fd1eb44270";

/** Returns the outputs in a stack's state, with `[secret]` for each secret, as `pulumi stack output` prints them. */
export function outputsIn({ deployment }: StackState): Record<string, unknown> {
  const root = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const shown = JSON.stringify(root?.outputs ?? {}, (_, value: unknown) => {
    const isSecret = (value as Record<string, unknown> | null)?.[signature] === ofSecret;
    return isSecret ? "[secret]" : value;
  });
  return JSON.parse(shown) as Record<string, unknown>;
}
