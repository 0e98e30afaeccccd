import type { ObjectRule, StepRule } from "../rule";
import { availabilityRules } from "./availability";
import { changeRules } from "./changes";
import { evictionRules } from "./evictions";
import { existingRules } from "./existing";
import { imageFactRules } from "./image-facts";
import { imageRules } from "./images";
import { networkRules } from "./network";
import { podRules } from "./pods";
import { quotaRules } from "./quotas";
import { rightsRules } from "./rights";
import { trafficRules } from "./traffic";

/** Rules about the objects of a stack. */
export const objectRules: ObjectRule[] = [
  ...podRules,
  ...networkRules,
  ...imageRules,
  ...imageFactRules,
  ...rightsRules,
  ...availabilityRules,
  ...evictionRules,
  ...trafficRules,
  ...quotaRules,
];

/** Rules about the steps of an update. */
export const stepRules: StepRule[] = [...changeRules, ...existingRules];
