import { z } from "zod";
import { name } from "./values";

/** What may happen to a release. */
export const eventKinds = [
  /** An app's first release is stable. */
  "first",
  /** A canary started. */
  "canary",
  /** It has another share of the requests. */
  "weight",
  /** It ended, and was not promoted. */
  "end",
  /** A check has a verdict. */
  "check",
  "promote",
  "rollback",
  /** A release command requested a change that the rules refuse. */
  "refused",
  /** Rules were set aside with a reason. */
  "override",
  /** An update put a freeze into force. */
  "freeze",
] as const;

/** A variable of the environment that the commands run in: a masked one of the CI system. */
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
  /** Only these; all without it. */
  events: z.array(z.enum(eventKinds)).min(1).optional(),
  /** Only of apps of these teams; of all without it. */
  teams: z.array(name).min(1).optional(),
};

/** Secret of the receiver that messages are signed with; unsigned without it. */
const secret = { secret: variable.optional() };

/** Receivers of each transition of a release. */
export const notifications = z.array(
  z.discriminatedUnion("type", [
    /** A URL that takes the event as JSON. */
    z.strictObject({ type: z.literal("webhook"), ...common, ...secret }),
    /** An incoming webhook of Slack, or of a chat that speaks the same. */
    z.strictObject({ type: z.literal("slack"), ...common }),
    /** A custom robot of DingTalk; the secret is that of its setting "sign". */
    z.strictObject({ type: z.literal("dingtalk"), ...common, ...secret }),
    /** A group robot of WeCom, whose URL holds its key. */
    z.strictObject({ type: z.literal("wecom"), ...common }),
    /** A custom bot of Feishu; the secret is that of its setting "signature verification". */
    z.strictObject({ type: z.literal("feishu"), ...common, ...secret }),
  ]),
);

/** One of {@link eventKinds}. */
export type EventKind = (typeof eventKinds)[number];
/** One of {@link notifications}. */
export type Receiver = z.infer<typeof notifications>[number];
