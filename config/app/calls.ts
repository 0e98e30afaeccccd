import { z } from "zod";
import { name } from "../values";

/** An app of the same team by its name, or of another team as `<team>/<app>`. */
const call = z.string().refine((text) => {
  const parts = text.split("/");
  return parts.length <= 2 && parts.every((part) => name.safeParse(part).success);
}, "the name of an app of the same team, or a team and an app such as content/news");

/** Apps that an app calls directly, without the gateway. */
export const calls = z.array(call).max(50).default([]);

/** An app that another one calls. */
export interface Callee {
  team: string;
  app: string;
}

/**
 * Returns the app that a call names.
 * @param team of the calling app.
 */
export function calleeOf(call: string, team: string): Callee {
  const [first = "", second] = call.split("/");
  return second === undefined ? { team, app: first } : { team: first, app: second };
}
