import type { ObjectRule, StepRule } from "../rule";
import { availabilityRules } from "./availability";
import { changeRules } from "./changes";
import { imageFactRules } from "./image-facts";
import { imageRules } from "./images";
import { networkRules } from "./network";
import { podRules } from "./pods";
import { quotaRules } from "./quotas";
import { rightsRules } from "./rights";
import { trafficRules } from "./traffic";

/** Rules over the objects that a stack declares. */
export const objectRules: ObjectRule[] = [
  ...podRules,
  ...networkRules,
  ...imageRules,
  ...imageFactRules,
  ...rightsRules,
  ...availabilityRules,
  ...trafficRules,
  ...quotaRules,
];

/** Rules over the steps of an update. */
export const stepRules: StepRule[] = changeRules;
