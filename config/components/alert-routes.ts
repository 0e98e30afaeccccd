import { z } from "zod";
import { expectedSecret } from "../expected";
import { validPort, hasValidPort } from "../image-names";
import { secretText } from "../secret-text";
import { name, secretKeyName } from "../values";

const credentialText = "{secret, key} with a Secret of namespace monitoring, or {value}";

/** A key of a Secret, or an encrypted value in the stack file. */
const credential = z.union(
  [
    z.strictObject({
      /**
       * Name of a Secret in namespace `monitoring` that was created outside this program.
       * @example alert-receivers
       */
      secret: name,
      /**
       * Key within the Secret.
       * @example on-call
       */
      key: secretKeyName,
    }),
    z.strictObject({
      /**
       * The secret text itself. Set it with `pulumi config set --secret --path`, which encrypts it.
       * @example { secure: "v1:bm9uY2U=:Y2lwaGVydGV4dA==" }
       */
      value: secretText((text) => text !== "", credentialText, true),
    }),
  ],
  // Never the value itself: anyone who knows it can send messages to the receiver.
  { error: expectedSecret(credentialText) },
);

/** A channel of a chat. Alertmanager would read braces as a template, and fail when it sends an alert. */
const channel = z
  .string()
  .regex(/^[^\s{}]+$/, "a channel such as #alerts, without spaces and braces");

/** A receiver of alerts. */
const receiver = z.discriminatedUnion("type", [
  z.strictObject({
    /** A URL that accepts Alertmanager's own JSON. */
    type: z.literal("webhook"),
    /** URL that the alerts are sent to. */
    url: credential,
  }),
  z.strictObject({
    /** A Slack webhook, or that of a compatible chat. */
    type: z.literal("slack"),
    /** URL that the alerts are sent to. */
    url: credential,
    /**
     * Channel that the alerts go to.
     * @example "#alerts"
     */
    channel,
  }),
  z.strictObject({
    /** A custom robot of DingTalk. */
    type: z.literal("dingtalk"),
    /** URL that the alerts are sent to. */
    url: credential,
    /** Secret of its setting "sign". Without it, messages are not signed. */
    secret: credential.optional(),
  }),
  z.strictObject({
    /** A group robot of WeCom, whose URL contains its key. */
    type: z.literal("wecom"),
    /** URL that the alerts are sent to. */
    url: credential,
  }),
  z.strictObject({
    /** A custom bot of Feishu. */
    type: z.literal("feishu"),
    /** URL that the alerts are sent to. */
    url: credential,
    /** Secret of its setting "signature verification". Without it, messages are not signed. */
    secret: credential.optional(),
  }),
  z.strictObject({
    /** An email address. Requires `mail`. */
    type: z.literal("email"),
    /** Address that the mails go to. */
    to: z.email("an email address"),
  }),
]);

/** Receivers of alerts. */
export const alertRoutes = z
  .strictObject({
    /**
     * The platform team: alerts about the platform, and those that belong to no team. If empty, they are only shown
     * in Alertmanager.
     */
    default: z.array(receiver).default([]),
    /**
     * URL of a service that alerts if it gets no heartbeat for some minutes. Without it, nothing monitors the
     * alerting itself.
     */
    heartbeat: credential.optional(),
    /**
     * Receivers of alerts with the label `team`, by its value. Alerts of a team that is not listed go to `default`.
     */
    teams: z.record(name, z.array(receiver).min(1)).default({}),
    /** Mail server for receivers of type `email`, which require it. Default: none. */
    mail: z
      .strictObject({
        /** Mail server, as a host with a port. */
        smarthost: z
          .string()
          .regex(
            /^[a-z0-9][-a-z0-9.]*:[1-9][0-9]{0,4}$/,
            "a host with a port, for example mail.example.com:587",
          )
          .refine(hasValidPort, validPort),
        /** Sender of the mails. */
        from: z.email("an email address"),
        /** Login at the mail server. Without it, mails are sent without a login. */
        login: z
          .strictObject({
            /** Account at the mail server. */
            username: z.string().min(1),
            /** Password of the account. */
            password: credential,
          })
          .optional(),
      })
      .optional(),
  })
  .superRefine(({ default: platform, teams, mail }, context) => {
    if (Object.hasOwn(teams, "platform")) {
      context.addIssue({
        code: "custom",
        path: ["teams", "platform"],
        message:
          "expected another team's name, got the platform team's; move its receivers to alertRoutes.default",
      });
    }
    const lists: [path: (string | number)[], list: { type: string }[]][] = [
      [["default"], platform],
      ...Object.entries(teams).map(([team, list]): [string[], typeof list] => [
        ["teams", team],
        list,
      ]),
    ];
    for (const [path, list] of mail === undefined ? lists : []) {
      list.forEach(({ type }, index) => {
        if (type !== "email") return;
        const message =
          "expected a mail server in alertRoutes.mail for a receiver of type email, got none";
        context.addIssue({ code: "custom", path: [...path, index, "type"], message });
      });
    }
  });

/** @see {@link alertRoutes} */
export type AlertRoutes = z.infer<typeof alertRoutes>;
/** @see {@link receiver} */
export type Receiver = z.infer<typeof receiver>;
/** @see {@link credential} */
export type Credential = z.infer<typeof credential>;
