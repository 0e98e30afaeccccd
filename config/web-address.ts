import { z } from "zod";
import { expected } from "./expected";
import { show } from "./show";

/** Characters allowed in a URL; all others are percent-encoded. */
const characters = /^https?:\/\/[\w.~:/?#[\]@!$&'()*+,;=%-]+$/;

/** Returns what is wrong with an address that the URL standard would accept; undefined if it is valid. */
function problem(text: string): string | undefined {
  if (!characters.test(text) || !URL.canParse(text)) {
    return "an address that starts with http:// or https://, without spaces, quotes and letters beyond ASCII";
  }
  const { username, password, port } = new URL(text);
  if (username !== "" || password !== "") {
    return "an address without a user name and a password, which anyone could read here";
  }
  return port === "0" ? "an address with a port from 1 to 65535, or without one" : undefined;
}

/**
 * Returns the schema of an HTTP address.
 * @param error what is expected, as a noun.
 */
export function webAddress(error: string, protocol = /^https?$/) {
  return z.url({ protocol, error }).refine((text) => problem(text) === undefined, {
    error: ({ input }) => expected(problem(input as string) ?? error, show(input)),
  });
}
