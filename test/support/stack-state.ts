/** A resource in a stack's state. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  /** Whether it is not managed by the stack. */
  external?: boolean;
  outputs?: Record<string, unknown>;
  /** URNs of its dependencies, in total and by property. */
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
}

/** A stack's state, as the engine exports it. */
export interface StackState {
  deployment: { resources: StateResource[] };
}
