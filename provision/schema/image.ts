import { z } from "zod";

/** An image with its registry and a tag or a digest. */
export const imageName = z
  .string()
  .regex(
    /^[a-z0-9.-]+(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    "an image with its registry, such as docker.io/library/haproxy:3.2.9-alpine",
  )
  .refine((text) => /:[\w][\w.-]*$|@sha256:/.test(text), "an image with a tag or a digest");
