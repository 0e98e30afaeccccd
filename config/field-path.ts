/** A step of a path: a field, or in brackets an item of a list or a key of a map. */
export interface Step {
  text: string;
  /** Whether it is in brackets. */
  bracketed: boolean;
}

const form = /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*|\[[^[\]]+\])*$/;

/**
 * Returns the steps of a path such as `spec.template.spec.containers[headlamp].resources.limits.memory`. Brackets hold
 * the name of an item, its index in a list whose items have no names, or a key with dots: `annotations[example.com/a]`.
 * Undefined if the text is no such path.
 */
export function parsePath(text: string): Step[] | undefined {
  if (!form.test(text)) return undefined;
  return [...text.matchAll(/\[([^[\]]+)\]|[^.[\]]+/g)].map(([step, inner]) => ({
    text: inner ?? step,
    bracketed: inner !== undefined,
  }));
}

/** Returns a path as it is written. */
export function pathText(steps: readonly Step[]): string {
  return steps.reduce((path, { text, bracketed }) => {
    if (bracketed) return `${path}[${text}]`;
    return path === "" ? text : `${path}.${text}`;
  }, "");
}
