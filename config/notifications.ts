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
    /**
     * Name of the variable that holds the value.
     * @example RELEASES_URL
     */
    variable: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, "the name of an environment variable such as RELEASES_URL"),
  },
  { error: "{variable} with the name of an environment variable that holds it" },
);

const common = {
  /**
   * URL that the message is sent to, from an environment variable of the commands, usually a masked variable of the
   * CI system.
   */
  url: variable,
  /**
   * Events to send. Default: all.
   * @example [promote, rollback]
   */
  events: z.array(z.enum(eventKinds)).min(1).optional(),
  /**
   * Teams whose apps' events are sent. Default: all.
   * @example [commerce]
   */
  teams: z.array(name).min(1).optional(),
};

const secret = {
  /** Secret that signs the messages to the receiver. Without it, messages are not signed. */
  secret: variable.optional(),
};

/** Receivers of each transition of a release. */
export const notifications = z.array(
  z.discriminatedUnion("type", [
    z.strictObject({
      /** A URL that accepts the event as JSON. */
      type: z.literal("webhook"),
      ...common,
      ...secret,
    }),
    z.strictObject({
      /** An incoming webhook of Slack, or of a compatible chat. */
      type: z.literal("slack"),
      ...common,
    }),
    z.strictObject({
      /** A custom robot of DingTalk. The secret is that of its setting "sign". */
      type: z.literal("dingtalk"),
      ...common,
      ...secret,
    }),
    z.strictObject({
      /** A group robot of WeCom, whose URL contains its key. */
      type: z.literal("wecom"),
      ...common,
    }),
    z.strictObject({
      /** A custom bot of Feishu. The secret is that of its setting "signature verification". */
      type: z.literal("feishu"),
      ...common,
      ...secret,
    }),
  ]),
);

/** One of {@link eventKinds}. */
export type EventKind = (typeof eventKinds)[number];
/** One of {@link notifications}. */
export type Receiver = z.infer<typeof notifications>[number];
