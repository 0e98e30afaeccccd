import { named, type Change } from "./support";

export const scaled = (name: string, app: string): Change => ({
  name,
  parent: { type: "platform:app:App$platform:app:Release", name: `${app}-1-4-2` },
  before: { ...named(name, `${app}-prod`), spec: { image: `${app}:1`, replicas: 2 } },
  after: { ...named(name, `${app}-prod`), spec: { image: `${app}:1`, replicas: 3 } },
});

/** Returns the sections of a comment by their titles. */
export function parts(comment: string): Record<string, string> {
  const [, ...rest] = comment.split(/^### /m);
  return Object.fromEntries(
    rest.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end).trim()];
    }),
  );
}
