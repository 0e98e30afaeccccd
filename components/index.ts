/** The parts of the platform, in the order in which `index.ts` declares them. */
export { Placement } from "./placement";
export { Tenancy } from "./tenancy";
export { claimingVolumes, Storage } from "./storage";
export { Gateway } from "./gateway";
export { Registry } from "./registry";
export { Images } from "./images";
export { Artifacts } from "./artifacts";
export { Jenkins } from "./ci";
export { Logging } from "./logging";
export { Monitoring } from "./monitoring";
export { Tracing } from "./tracing";
export { Dashboard } from "./dashboard";
export { Backup } from "./backup";
export { Autoscaling } from "./autoscaling";
export { declarePackages } from "./charts";
