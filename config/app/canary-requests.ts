import { z } from "zod";

/** Header names are case-insensitive, so one spelling is enough. */
const headerName = z
  .string()
  .max(256)
  .regex(/^[a-z0-9!#$%&'*+.^_|~-]+$/, "expected the name of a header in lower case, such as x-gray")
  .refine((name) => name !== "host", {
    error: "expected another header, got host: the app's domain determines it",
  })
  .refine((name) => name !== "cookie", {
    error: "expected another header, got cookie: use the key cookie next to headers",
  });

const value = z
  .string({ error: 'expected a string, in quotes if it is a number, such as "1"' })
  .min(1)
  .max(256)
  .regex(/^[\x20-\x7e]+$/, "expected printable ASCII characters")
  .refine((text) => text.trim() === text, {
    error: "expected a string without a space at its beginning or end",
  });

/** A string that needs no encoding in a cookie or in a query parameter. */
const plain = z
  .string({ error: 'expected a string, in quotes if it is a number, such as "1"' })
  .max(256)
  .regex(/^[A-Za-z0-9._-]+$/, "expected letters, digits, dots, dashes and underscores");

const isNotEmpty = (map: Record<string, unknown>) => Object.keys(map).length > 0;

/** A kind of request: it matches everything that is named here. */
const canaryRequest = z
  .strictObject({
    /** Headers with their values, by name. Without it, headers do not matter. */
    headers: z
      .record(headerName, value)
      .refine(isNotEmpty, "expected at least one header, got none")
      .refine((map) => Object.keys(map).length < 16, "expected at most 15 headers")
      .optional(),
    /**
     * A cookie with its value. The app sets it for users who should get the canary. Without it, cookies do not
     * matter.
     */
    cookie: z
      .strictObject({
        /** Name of the cookie. */
        name: plain,
        /** Value of the cookie. */
        value: plain,
      })
      .optional(),
    /** Query parameters with their values, by name. Without it, parameters do not matter. */
    query: z
      .record(plain, plain)
      .refine(isNotEmpty, "expected at least one parameter, got none")
      .refine((map) => Object.keys(map).length <= 16, "expected at most 16 parameters")
      .optional(),
  })
  .refine((kinds) => Object.values(kinds).some((kind) => kind !== undefined), {
    error: "expected headers, cookie or query, got none of them",
  });

/** Requests that go to the canary regardless of its weight: a request matches if any kind in the list does. */
export const canaryRequests = z
  .array(canaryRequest)
  .min(1, 'expected at least one kind of requests, got none; leave the key out for x-gray: "1"')
  .max(8)
  .default([{ headers: { "x-gray": "1" } }]);

/** @see {@link canaryRequests} */
export type CanaryRequests = z.infer<typeof canaryRequests>;
