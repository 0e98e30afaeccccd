import { z } from "zod";
import { registryHost } from "../image-names";
import { webAddress } from "../web-address";
import { secretText } from "../secret-text";
import { runtimeKey, runtimes } from "../../versions/runtimes";

const address = webAddress("an address such as https://nexus.example.com/sources").optional();

/** Base images: the runtimes that apps are built from. */
export const baseImages = z.strictObject({
  /** Host of the registry, with its port if it has one. Default: `harbor.<stack domain>`. */
  registry: registryHost.optional(),
  /** Whether this stack builds and pushes the images. Otherwise, they must already be in the registry. */
  build: z.boolean().default(true),
  /** The runtimes of this stack, including those that they are built on. Default: all. */
  runtimes: z
    .array(z.enum(runtimes.map(runtimeKey)))
    .min(1)
    .optional(),
  /**
   * Address that serves each download under its publisher's host and path, for example a raw repository in Nexus.
   * Default: the publishers' own addresses.
   */
  mirror: address,
  /**
   * Address of a copy of Debian that contains the folders `debian` and `debian-security`. Default: the mirror that
   * the base image names.
   */
  debianMirror: address,
  /** Account that pushes images. Default: the login of the docker command. */
  credentials: z
    .strictObject({
      /** Name of the account, such as a robot account of Harbor. */
      username: z.string().min(1),
      /** Password or token of the account. Set it with `pulumi config set --secret --path`. */
      password: secretText((text) => text !== "", "the account's password or token"),
    })
    .optional(),
});
