import { isIP, isIPv4 } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";
import { secondsOf } from "./durations";
import { expected } from "./errors";
import { networkOf } from "./addresses";
import { bytesOf, millicoresOf, quantityOf, showMemory } from "./quantities";
import { show } from "./show";

/** Refuses the names on Object.prototype, such as `constructor`: a plain lookup would always find them. */
export const builtIn =
  /^(?!(constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toLocaleString|toString|valueOf)$)/;
/** The text of the error for such a name. */
export const builtInText =
  'a name that is not built into JavaScript, such as "constructor" or "toString"';

/** A name that can be part of a Kubernetes object's name: RFC 1123 label, at most 40 characters here, so that suffixes still fit into 63. */
export const name = z
  .string()
  .regex(
    /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
    "a name of lower-case letters, digits and dashes that starts with a letter, at most 40 characters",
  )
  .regex(builtIn, builtInText);

/** The error for an invalid host name; suggests the ASCII form (punycode) of an internationalized one. */
function hostText(example: string) {
  return ({ input }: { input?: unknown }): string => {
    const text = `a host name in lower case, ${example}`;
    // No host name is longer, and converting a longer text takes time.
    const ascii = typeof input === "string" && input.length <= 253 ? domainToASCII(input) : "";
    return ascii.includes("xn--") && ascii !== input
      ? `${text}; write it in its ASCII form, ${ascii}`
      : text;
  };
}

/** An IP address looks like a host name but is not one: DNS, Ingress and certificates refuse it. */
const isName = (text: string) => !isIPv4(text);
const notAnAddress = "a host name, not an IP address";

/** A fully qualified host name, for example `shop.example.com`. */
export const host = z
  .string()
  .max(253, { abort: true })
  .regex(/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
    error: hostText("for example shop.example.com"),
  })
  .refine(isName, notAnAddress);

const isMapped = (address: string) => address.toLowerCase().startsWith("::ffff:");

/** An IP address of either version. API servers refuse IPv4 addresses that are written as IPv6. */
export const ipAddress = z
  .string()
  .refine((text) => isIP(text) !== 0 && !text.includes("%") && !isMapped(text), "an IP address");

/** A server that clients inside the cluster connect to. */
export const server = z.union([host, z.ipv4()], {
  error: "a host name in lower case or an IP address, for example db.example.com",
});

/** A host name, or a wildcard for all host names below one: `*.example.com`. */
export const wildcardHost = z
  .string()
  .max(253, { abort: true })
  .regex(/^(\*\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
    error: hostText("or *. and one, for example *.example.com"),
  })
  .refine(isName, notAnAddress);

/** More than any cluster has. Programs count in billionths of a core, in 64 bits. */
const largestCpu = "1000000";

/** CPU in cores (`2`, `0.5`) or millicores (`250m`). */
export const cpu = z
  .string()
  .regex(/^([1-9][0-9]*m|[1-9][0-9]*(\.[0-9]{1,3})?|0\.[0-9]{1,3})$/, {
    error: 'CPU in cores or millicores, for example "2" or 250m',
    abort: true,
  })
  .refine((text) => millicoresOf(text) <= millicoresOf(largestCpu), {
    error: `at most ${largestCpu} cores`,
    abort: true,
  });

/** An exbibyte. Kubernetes counts bytes in 64 bits, in which eight of these do not fit, so sums of a few sizes do. */
const largestSize = "1048576Ti";

/** The error for an invalid size; converts one that is only written in another way. */
function sizeText({ input }: { input?: unknown }): string {
  const text = "a size as a whole number of Ki, Mi, Gi or Ti, for example 256Mi";
  // A number without a unit is rather one whose unit was forgotten.
  const hasUnit = typeof input === "string" && /[a-z]$/i.test(input);
  const kibibytes = hasUnit ? (quantityOf(input) ?? 0) / 1024 : 0;
  const isWhole = kibibytes > 0 && Number.isSafeInteger(kibibytes);
  return isWhole ? `${text}; write ${showMemory(kibibytes)}` : text;
}

/** Memory or storage in bytes with a binary unit: `Mi`, `Gi` or `Ti`. */
export const bytes = z
  .string()
  .regex(/^[1-9][0-9]*(Ki|Mi|Gi|Ti)$/, {
    error: sizeText,
    // Checks that compare sizes do not run on an invalid one.
    abort: true,
  })
  .refine((size) => bytesOf(size) <= bytesOf(largestSize), {
    error: `a size of at most ${largestSize}`,
    abort: true,
  });

const durationText = z.string().regex(/^(0|[1-9][0-9]*)[smhd]$/, {
  error: "a duration in s, m, h or d, for example 30m",
  // A value that is not a duration is neither too short nor too long.
  abort: true,
});

/** A century: programs in Go overflow after 292 years, and JavaScript has no dates after the year 275760. */
const longestDuration = "36500d";

/**
 * Returns the schema of a duration such as `30s`, `15m`, `24h` or `10d`; parsed to seconds.
 * @param least the shortest duration that has the meaning of the key: many programs read 0 as "no limit".
 */
export function durationFrom(least: string) {
  return durationText
    .refine((text) => secondsOf(text) >= secondsOf(least), `a duration of at least ${least}`)
    .refine(
      (text) => secondsOf(text) <= secondsOf(longestDuration),
      `a duration of at most ${longestDuration}`,
    )
    .transform(secondsOf);
}

/** A duration such as `30s`, `15m`, `24h` or `10d`, or none (`0s`); parsed to seconds. */
export const duration = durationFrom("0s");

/** A TCP port. */
export const port = z.int().min(1).max(65_535);

/** A range of addresses. */
export const range = z
  .union([z.cidrv4(), z.cidrv6()], {
    error: "an address range such as 10.20.0.0/16, or 10.20.0.7/32 for one address",
  })
  .refine((cidr) => !isMapped(cidr), {
    error: "an IPv4 range such as 10.0.0.0/8, not one mapped into IPv6",
    abort: true,
  })
  .refine((cidr) => networkOf(cidr) === cidr, {
    error: ({ input }) =>
      expected(
        "the first address of a range before its slash",
        show(input),
        `write ${networkOf(input as string)} for the range, or /32 (IPv6: /128) for the one address`,
      ),
  });

/** Key of a label or an annotation: a name, optionally after a domain name and a slash. */
export const labelKey = z
  .string()
  .regex(
    /^((?=[^/]{1,253}\/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    "a key such as example.com/team: a name of at most 63 letters, digits, dashes, dots and underscores, optionally preceded by a domain name and a slash",
  );

/** Labels or node selectors: keys and values as Kubernetes allows them. */
export const labels = z.record(
  labelKey,
  z.string().regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/, "a label value"),
);

/** Name of an environment variable. */
export const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "an environment variable's name");

/** A key of a Secret. */
export const secretKeyName = z
  .string()
  .max(253)
  .regex(
    /^(?!\.{1,2}$)[-._a-zA-Z0-9]+$/,
    "a key of a Secret: letters, digits, dashes, dots and underscores",
  );

/** A file of custom resource definitions, with its checksum. */
export const crdFile = z.strictObject({
  /** Path relative to the project's folder. `npx platform crds` puts the pinned files into `.local/crds/`. */
  file: z.string().min(1),
  /** SHA-256 checksum of the file. A file with another one is refused. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 checksum of 64 hexadecimal digits"),
});
