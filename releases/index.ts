export { checkRules, checkRulesHash, type CheckRules } from "./check-rules";
export { clockSkew, span } from "./clock";
export { inPlaceAt } from "./in-place";
export type { Inverse } from "./inverse";
export { effectivePolicy } from "./guard";
export { departureOf, type DepartureAnswer } from "./departure";
export { namespaceMove, type NamespaceMove } from "./move";
export { releaseName, slug } from "./names";
export type { Notice } from "./notices";
export { parseAppRecord, UnreadableRecord } from "./parse-record";
export { plan, runningReleases, type Plan, type PlannedRelease, type Role } from "./plan";
export {
  liveRelease,
  mapTemplates,
  recordedTemplate,
  type AppRecord,
  type HistoryEntry,
  type RecordedRelease,
} from "./record";
export { provenReleases } from "./proof";
export { rolesText, type RefusedRule, type Refusal, type Rule } from "./refusal";
export type { Reliance } from "./reliance";
export type { Move, MoveOrder, Split } from "./shares";
export { jobsOf, type Schedules } from "./schedules";
export type { Step } from "./steps";
export type { Json, Template } from "./template";
export type * from "./types";
export { roleWord } from "./texts";
export { transitions, type Transition } from "./transitions";
export { keyOf, type ReleaseId, type ReleaseKey } from "./version";
export { isWeight, type Weight, type Weights } from "./weight";
