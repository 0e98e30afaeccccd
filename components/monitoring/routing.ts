import { relayUrl, type Chat } from "./chats";
import { defaultPlatformTeam } from "./rules";

/** How a team receives alerts. Secret addresses are read from files of a mounted Secret. */
export type Receiver =
  | { type: "webhook"; urlFile: string }
  | { type: "slack"; channel: string; urlFile: string }
  | { type: "chat"; chat: Chat; file: string }
  | { type: "email"; to: string };

/** The mail server, for receivers of type `email`. */
export interface MailServer {
  /** Host and port, for example `mail.example.com:587`. */
  smarthost: string;
  from: string;
  /** Login at the server. Default: none. */
  login?: { username: string; passwordFile: string };
}

/** Arguments of {@link alertmanagerConfig}. */
export interface RoutingArgs {
  /** Receivers by team. The alerts of a team without receivers appear only in the web UI. */
  receivers: Record<string, Receiver[]>;
  /** Team that receives alerts without another team. Default: `platform`. */
  platformTeam?: string;
  /** File with the URL of a service that raises an alarm if it is not called every few minutes. Default: none. */
  deadMansSwitchUrlFile?: string;
  /** Mail server for receivers of type `email`. Default: none. */
  mail?: MailServer;
}

const deadMansSwitch = "dead-mans-switch";

/** Labels that identify the subject of an alert. Two alerts that both lack a label count as equal. */
const subject = [
  "alertname",
  "team",
  "namespace",
  "app",
  "instance",
  "mountpoint",
  "persistentvolumeclaim",
  "cluster",
  "name",
  "cn",
  "sans",
  "project_name",
];

/** Alerts that a failure causes; they are inhibited by the failure's own alert. */
export const consequences: Record<string, string[]> = {
  KafkaDown: ["KafkaBrokerMissing", "KafkaUnderReplicated", "KafkaLag", "LogsStopped"],
  ElasticsearchDown: ["ElasticsearchRed", "KafkaLag"],
  ElasticsearchReadOnly: ["KafkaLag"],
};

/** Alerts that are more specific than the one for a StatefulSet that is down. */
export const namedDown = ["ElasticsearchDown", "JenkinsDown", "KafkaDown"];

/** Returns Alertmanager's configuration: every team receives its own alerts, and the platform team all others. */
export function alertmanagerConfig(args: RoutingArgs): object {
  const platformTeam = args.platformTeam ?? defaultPlatformTeam;
  const receivers = { [platformTeam]: [], ...args.receivers };
  const teams = Object.keys(receivers).sort();
  return {
    global: { resolve_timeout: "5m", ...mail(args.mail) },
    route: {
      receiver: platformTeam,
      group_by: ["alertname", "team", "namespace"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: [heartbeat, ...teams.map(teamRoute)],
    },
    inhibit_rules: inhibitions(),
    receivers: [
      heartbeatReceiver(args.deadMansSwitchUrlFile),
      ...Object.entries(receivers).map(([team, list]) => ({ name: team, ...configsOf(list) })),
    ],
  };
}

/** Repeated every minute, because its absence is the signal. */
const heartbeat = {
  receiver: deadMansSwitch,
  matchers: ['alertname="DeadMansSwitch"'],
  group_wait: "0s",
  group_interval: "1m",
  repeat_interval: "1m",
};

function heartbeatReceiver(urlFile: string | undefined): object {
  const webhooks = urlFile === undefined ? [] : [{ url_file: urlFile, send_resolved: false }];
  return { name: deadMansSwitch, ...(webhooks.length > 0 ? { webhook_configs: webhooks } : {}) };
}

function teamRoute(team: string): object {
  const critical = ['severity="critical"'];
  return {
    receiver: team,
    matchers: [`team="${team}"`],
    routes: [{ matchers: critical, receiver: team, group_wait: "10s", repeat_interval: "4h" }],
  };
}

function inhibitions(): object[] {
  return [
    {
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity="warning"'],
      equal: subject,
    },
    ...Object.entries(consequences).map(([cause, others]) => ({
      source_matchers: [`alertname="${cause}"`],
      target_matchers: [`alertname=~"${others.join("|")}"`],
    })),
    {
      source_matchers: [`alertname=~"${namedDown.join("|")}"`],
      target_matchers: ['alertname="WorkloadDown"'],
      equal: ["namespace", "statefulset"],
    },
  ];
}

function configsOf(receivers: Receiver[]): Record<string, object[]> {
  const lists: Record<string, object[]> = {};
  for (const receiver of receivers) {
    const kind = receiver.type === "chat" ? "webhook" : receiver.type;
    (lists[`${kind}_configs`] ??= []).push(integration(receiver));
  }
  return lists;
}

function integration(receiver: Receiver): object {
  switch (receiver.type) {
    case "webhook":
      return { url_file: receiver.urlFile, send_resolved: true };
    case "chat":
      return { url: relayUrl(receiver.chat, receiver.file), send_resolved: true };
    case "email":
      return { to: receiver.to, send_resolved: true };
    case "slack":
      return {
        api_url_file: receiver.urlFile,
        channel: receiver.channel,
        send_resolved: true,
        title: "{{ .CommonLabels.severity }}: {{ .CommonAnnotations.summary }}",
        text: "{{ range .Alerts }}{{ .Annotations.description }} {{ .Annotations.runbook_url }}\n{{ end }}",
      };
  }
}

function mail(server: MailServer | undefined): object {
  if (server === undefined) return {};
  const { smarthost, from, login } = server;
  return {
    smtp_smarthost: smarthost,
    smtp_from: from,
    smtp_require_tls: true,
    ...(login === undefined
      ? {}
      : { smtp_auth_username: login.username, smtp_auth_password_file: login.passwordFile }),
  };
}
