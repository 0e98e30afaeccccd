import type { ImageName } from "../../../versions/images";
import type { Assembled } from "../facts";
import { agents } from "./agents";
import { elasticsearch } from "./elasticsearch";
import { filebeat } from "./filebeat";
import { harbor } from "./harbor";
import { kafka } from "./kafka";
import { keda } from "./keda";
import { logstash } from "./logstash";
import { monitoring } from "./monitoring";
import { nginx } from "./nginx";
import { scripts } from "./scripts";
import { traefik } from "./traefik";

/** The platform images that can be assembled from packages. */
export const catalogue: Partial<Record<ImageName, Assembled>> = {
  ...traefik,
  ...monitoring,
  ...scripts,
  ...agents,
  ...elasticsearch,
  ...filebeat,
  ...harbor,
  ...kafka,
  ...keda,
  ...logstash,
  ...nginx,
};
