import { z } from "zod";
import { name } from "./values";

/** Events in the life of a release. */
export const eventKinds = [
  /** An app's first release is stable. */
  "first",
  /** A canary started. */
  "canary",
  /** The share of a canary changed. */
  "weight",
  /** A canary ended without being promoted. */
  "end",
  /** A check has a verdict. */
  "check",
  "promote",
  "rollback",
  /** A release command requested a change that the rules refuse. */
  "refused",
  /** A rule was overridden with a reason. */
  "override",
  /** An update put a freeze into force. */
  "freeze",
] as const;

/** An environment variable of the commands, usually a masked variable of the CI system. */
const variable = z.strictObject(
  {
    variable: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, "the name of an environment variable such as RELEASES_URL"),
  },
  { error: "{variable} with the name of an environment variable that holds it" },
);

const common = {
  url: variable,
  /** Events to send. Default: all. */
  events: z.array(z.enum(eventKinds)).min(1).optional(),
  /** Teams whose apps' events are sent. Default: all. */
  teams: z.array(name).min(1).optional(),
};

/** Secret that signs the messages to the receiver. Without it, messages are not signed. */
const secret = { secret: variable.optional() };

/** Receivers of each transition of a release. */
export const notifications = z.array(
  z.discriminatedUnion("type", [
    /** A URL that accepts the event as JSON. */
    z.strictObject({ type: z.literal("webhook"), ...common, ...secret }),
    /** An incoming webhook of Slack, or of a compatible chat. */
    z.strictObject({ type: z.literal("slack"), ...common }),
    /** A custom robot of DingTalk. The secret is that of its setting "sign". */
    z.strictObject({ type: z.literal("dingtalk"), ...common, ...secret }),
    /** A group robot of WeCom, whose URL contains its key. */
    z.strictObject({ type: z.literal("wecom"), ...common }),
    /** A custom bot of Feishu. The secret is that of its setting "signature verification". */
    z.strictObject({ type: z.literal("feishu"), ...common, ...secret }),
  ]),
);

/** One of {@link eventKinds}. */
export type EventKind = (typeof eventKinds)[number];
/** One of {@link notifications}. */
export type Receiver = z.infer<typeof notifications>[number];
