import type { ImageName } from "../../../versions/images";
import type { Assembled } from "../facts";
import { agents } from "./agents";
import { kafka } from "./kafka";
import { monitoring } from "./monitoring";
import { nginx } from "./nginx";
import { scripts } from "./scripts";
import { traefik } from "./traefik";

/** The images of the platform that can be put together from packages, and how. */
export const catalogue: Partial<Record<ImageName, Assembled>> = {
  ...traefik,
  ...monitoring,
  ...scripts,
  ...agents,
  ...kafka,
  ...nginx,
};
