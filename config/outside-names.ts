import { z } from "zod";

/** Name of a bucket in S3-compatible storage. */
export const bucket = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "a bucket's name: 3 to 63 lower-case letters, digits, dots and dashes",
  );

/** Name of a database in PostgreSQL. It becomes part of URLs. */
export const database = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/,
    "a database's name: at most 63 letters, digits, dashes and underscores",
  );

/** Name of a branch, as Git allows it. */
export const branch = z.string().regex(
  // eslint-disable-next-line no-control-regex
  /^(?![-/.])(?!.*(\.\.|\/\/|\/\.|@\{))[^\u0000-\u0020\u007f~^:?*[\\]+(?<!\.lock|[/.])$/,
  "a branch's name, for example main",
);

/** A stack of this project: its name alone, or with its organization and project. */
export const stackReference = z
  .string()
  .regex(/^[\w.-]{1,100}(\/[\w.-]{1,100}){0,2}$/, "a stack's name, for example prod");
