import { z } from "zod";

/** Parts of an image's name, as registries define them. */
const part = "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*";
const label = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const host = `${label}(?:\\.${label})*(?::[0-9]+)?`;
const repository = `(?:${host}/)?${part}(?:/${part})*`;
const tag = "[\\w][\\w.-]{0,127}";
const digest = "@sha256:[0-9a-f]{64}";

/** Maximum length of a repository's name in registries and container runtimes. */
const longest = 255;

/** Whether the port in a host's text is valid; true if there is none. */
export function hasValidPort(text: string): boolean {
  const port = /^[^/]*?:(\d+)(\/|$)/.exec(text.replace(/^\[[^\]]*\]/, "ipv6"))?.[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
}

/** Expected value in the error if {@link hasValidPort} is false. */
export const validPort = "a port from 1 to 65535 after the host";

function isShort(image: string): boolean {
  return image.replace(/@.*$/, "").replace(/:[^/]*$/, "").length <= longest;
}

function image(pattern: string, text: string) {
  return z
    .string()
    .regex(new RegExp(`^${pattern}$`), text)
    .refine(isShort, `an image's name of at most ${longest} characters`)
    .refine(hasValidPort, validPort);
}

/** An image's name without a tag, with its registry. */
export const imageRepository = image(
  `${host}/${part}(?:/${part})*`,
  "an image repository without a tag, for example harbor.example.com/shop/web",
);

/** An image with a fixed content: with a digest, or with a tag other than `latest`. */
export const pinnedImage = image(
  `${repository}(?::(?!latest$)${tag}(?:${digest})?|${digest})`,
  'an image with a tag other than "latest", or with a digest',
);

/** Any image, with or without a tag or a digest. */
export const anyImage = image(
  `${repository}(?::${tag})?(?:${digest})?`,
  "an image such as mirror.example.com/trivy-db:2",
);

/** Host of a registry, with or without a port. */
export const registryHost = z
  .string()
  .regex(
    new RegExp(`^${host}$`),
    "a registry's host in lower case, with a port or without, for example harbor.example.com",
  )
  .refine(hasValidPort, validPort);
