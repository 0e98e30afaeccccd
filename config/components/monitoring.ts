import { z } from "zod";
import { expectedSecret } from "../expected";
import { validPort, hasValidPort } from "../image-names";
import { secretText } from "../secret-text";
import { blockStorageClass } from "../storage-class";
import { bytes, durationFrom, host, name, resources, secretKeyName } from "../values";
import { controlPlane } from "./control-plane";

const credentialText = "{secret, key} with a Secret of namespace monitoring, or {value}";

/** A key of a Secret, or an encrypted value in the stack file. */
const credential = z.union(
  [
    /** Secret in namespace `monitoring` that was created outside this program. */
    z.strictObject({
      /** Name of the Secret. */
      secret: name,
      /** Key within the Secret. */
      key: secretKeyName,
    }),
    /** Set with `pulumi config set --secret --path`. */
    z.strictObject({ value: secretText((text) => text !== "", credentialText, true) }),
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
  /** A URL that accepts Alertmanager's own JSON. */
  z.strictObject({ type: z.literal("webhook"), url: credential }),
  /** A Slack webhook, or that of a compatible chat. */
  z.strictObject({ type: z.literal("slack"), url: credential, channel }),
  /** A custom robot of DingTalk. */
  z.strictObject({
    type: z.literal("dingtalk"),
    url: credential,
    /** Secret of its setting "sign". Without it, messages are not signed. */
    secret: credential.optional(),
  }),
  /** A group robot of WeCom, whose URL contains its key. */
  z.strictObject({ type: z.literal("wecom"), url: credential }),
  /** A custom bot of Feishu. */
  z.strictObject({
    type: z.literal("feishu"),
    url: credential,
    /** Secret of its setting "signature verification". Without it, messages are not signed. */
    secret: credential.optional(),
  }),
  /** An email address. Requires `mail`. */
  z.strictObject({ type: z.literal("email"), to: z.email("an email address") }),
]);

/** Receivers of alerts. */
export const alertRoutes = z
  .strictObject({
    /**
     * The platform team: alerts about the platform, and those that belong to no team. If empty, they are only
     * shown in Alertmanager.
     */
    default: z.array(receiver).default([]),
    /**
     * URL of a service that alerts if it gets no heartbeat for some minutes. Without it, nothing monitors the
     * alerting itself.
     */
    heartbeat: credential.optional(),
    /** Receivers of alerts with the label `team`, by its value. */
    teams: z.record(name, z.array(receiver).min(1)).default({}),
    /** Mail server for receivers of type `email`. */
    mail: z
      .strictObject({
        smarthost: z
          .string()
          .regex(
            /^[a-z0-9][-a-z0-9.]*:[1-9][0-9]{0,4}$/,
            "a host with a port, for example mail.example.com:587",
          )
          .refine(hasValidPort, validPort),
        from: z.email("an email address"),
        login: z.strictObject({ username: z.string().min(1), password: credential }).optional(),
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

/** Host of a web UI, or false for a web UI that is not served outside the cluster. */
const page = z.union([host, z.literal(false)], {
  error: "a host name in lower case, or false",
});

/** Time span of the smallest block that Prometheus writes, and deletes as a whole. */
const shortestBlock = "2h";

/** How often Alertmanager repeats a notification, unless it still knows when it sent the last one. */
const repeatInterval = "12h";

const small = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/** Prometheus, Alertmanager, Grafana and the exporters for the state of the cluster. */
export const monitoring = z.strictObject({
  /** StorageClass of block devices for all volumes, never NFS. Default: the cluster's default class. */
  storageClass: blockStorageClass.optional(),
  /** Hosts of the web UIs. Default: `<name>.<stack domain>`. Prometheus and Alertmanager have no login. */
  pages: z
    .strictObject({
      grafana: host.optional(),
      prometheus: page.optional(),
      alertmanager: page.optional(),
    })
    .prefault({}),
  prometheus: z
    .strictObject({
      /** Number of pods. Each scrapes all targets itself. */
      replicas: z.int().min(1).max(4).default(1),
      /** Time between two scrapes of a target. At least 1s. */
      scrapeInterval: durationFrom("1s").prefault("30s"),
      /** How long samples are kept. If the volume is full, they are deleted earlier. At least 2h. */
      retention: durationFrom(shortestBlock).prefault("15d"),
      /** Volume of each pod. One sample takes about 2 bytes. */
      storage: bytes.default("20Gi"),
      /**
       * Maximum number of samples in one scrape of an app's pod. If there are more, the whole scrape is
       * refused.
       */
      appSampleLimit: z.int().min(100).default(5000),
      /** Needs about 4 KiB of memory for each series of the last hours. */
      resources: resources.default({
        requests: { cpu: "200m", memory: "512Mi" },
        limits: { cpu: "2", memory: "2Gi" },
      }),
    })
    .prefault({}),
  alertmanager: z
    .strictObject({
      /**
       * Number of pods, which share silences and the log of sent notifications. Two are sufficient; three
       * survive a drain and a failure at the same time.
       */
      replicas: z.int().min(1).max(5).default(1),
      /**
       * How long silences and the log of sent notifications are kept. At least 12h, after which notifications
       * are repeated.
       */
      retention: durationFrom(repeatInterval).prefault("120h"),
      storage: bytes.default("1Gi"),
      resources: resources.default(small),
    })
    .prefault({}),
  grafana: z
    .strictObject({
      storage: bytes.default("2Gi"),
      resources: resources.default({
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "1", memory: "1Gi" },
      }),
    })
    .prefault({}),
  kubeStateMetrics: z
    .strictObject({
      /** Needs about 4 KiB of memory for each object in the cluster. */
      resources: resources.default(small),
    })
    .prefault({}),
  nodeExporter: z.strictObject({ resources: resources.default(small) }).prefault({}),
  controlPlane: controlPlane.prefault({}),
  alertRoutes: alertRoutes.prefault({}),
  /** Share of each app's requests that must not end with a server error, over 30 days. */
  objective: z.number().min(0.9).max(0.9999).default(0.999),
  /** Folder of the runbooks, as a URL or in this project. Every alert links to `<runbooks>/<alert>.md`. */
  runbooks: z.string().min(1).default("docs/runbooks"),
});

/** @see {@link monitoring} */
export type MonitoringConfig = z.infer<typeof monitoring>;
/** @see {@link alertRoutes} */
export type AlertRoutes = z.infer<typeof alertRoutes>;
/** @see {@link receiver} */
export type Receiver = z.infer<typeof receiver>;
/** @see {@link credential} */
export type Credential = z.infer<typeof credential>;

/** Hosts of the web UIs that are served. */
export interface PageHosts {
  grafana: string;
  prometheus?: string;
  alertmanager?: string;
}

/** Returns the hosts of the web UIs under a stack's domain. */
export function pageHosts({ pages }: Pick<MonitoringConfig, "pages">, domain: string): PageHosts {
  const served = (page: "prometheus" | "alertmanager") =>
    pages[page] === false ? {} : { [page]: pages[page] ?? `${page}.${domain}` };
  return {
    grafana: pages.grafana ?? `grafana.${domain}`,
    ...served("prometheus"),
    ...served("alertmanager"),
  };
}
