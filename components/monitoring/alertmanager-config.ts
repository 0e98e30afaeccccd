import type { AlertRoutes, Credential, Receiver } from "../../config";

/** Folder of the receivers' URLs and keys; each file is one of them. */
export const credentialFolder = "/etc/alertmanager/credentials";

/** `alertmanager.yml`, as far as the platform uses it. URLs of receivers are credentials: they stand in files. */
export interface AlertmanagerFile {
  route: Route;
  inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal: string[] }[];
  receivers: ReceiverEntry[];
}

interface Route {
  receiver: string;
  matchers?: string[];
  group_by?: string[];
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  routes?: Route[];
}

interface ReceiverEntry {
  name: string;
  webhook_configs?: { url_file: string; send_resolved: boolean }[];
  slack_configs?: {
    api_url_file: string;
    channel: string;
    title: string;
    text: string;
    send_resolved: boolean;
  }[];
  pagerduty_configs?: { routing_key_file: string; send_resolved: boolean }[];
}

/** Where one credential comes from, and the file that Alertmanager reads it from. */
export interface CredentialFile {
  /** Name of the file in {@link credentialFolder}. */
  file: string;
  source: Credential;
}

/** Receiver of what nobody needs to be told. */
const nobody = "nobody";
/** Receiver of what no team answers for. */
const everybody = "default";
/** Receiver that must hear something every minute. */
const heartbeat = "heartbeat";

/** The content of alertmanager.yml. */
export function alertmanagerFile(routes: AlertRoutes): AlertmanagerFile {
  const teams = Object.keys(routes.teams).sort();
  return {
    route: {
      receiver: everybody,
      group_by: ["alertname", "namespace"],
      // One message for what breaks together, further ones when more does, a reminder twice a day.
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: [
        { receiver: nobody, matchers: ['alertname = "InfoInhibitor"'] },
        ...heartbeatRoute(routes),
        { receiver: nobody, matchers: ['severity = "none"'] },
        ...teams.map((team) => ({ receiver: teamReceiver(team), matchers: [`team = "${team}"`] })),
      ],
    },
    inhibit_rules: [inhibition("critical", "warning|info"), inhibition("warning", "info")],
    receivers: [{ name: nobody }, ...named(routes).map(([name, list]) => entry(name, list))],
  };
}

/** The alert that fires always goes to whoever gives the alarm when it stops, before his patience ends. */
function heartbeatRoute(routes: AlertRoutes): Route[] {
  if (routes.heartbeat === undefined) return [];
  return [
    {
      receiver: heartbeat,
      matchers: ['alertname = "DeadMansSwitch"'],
      group_wait: "0s",
      group_interval: "1m",
      repeat_interval: "1m",
    },
  ];
}

/** Every credential of the routes. */
export function credentialFiles(routes: AlertRoutes): CredentialFile[] {
  return named(routes).flatMap(([name, list]) =>
    list.map((receiver, index) => ({
      file: fileName(name, index),
      source: receiver.type === "pagerduty" ? receiver.routingKey : receiver.url,
    })),
  );
}

type Named = [name: string, list: Receiver[]];

function named(routes: AlertRoutes): Named[] {
  const { default: fallback, teams, heartbeat: url } = routes;
  return [
    [everybody, fallback],
    ...(url === undefined ? [] : [[heartbeat, [{ type: "webhook", url }]] satisfies Named]),
    ...Object.entries(teams)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([team, list]): Named => [teamReceiver(team), list]),
  ];
}

/** A team may be called as one of the receivers above. */
function teamReceiver(team: string): string {
  return `team-${team}`;
}

function fileName(receiver: string, index: number): string {
  return `${receiver}-${index}`;
}

function entry(name: string, list: Receiver[]): ReceiverEntry {
  const files = list.map((receiver, index) => ({
    receiver,
    file: `${credentialFolder}/${fileName(name, index)}`,
  }));
  const send_resolved = true;
  const webhooks = files.flatMap(({ receiver, file }) =>
    receiver.type === "webhook" ? [{ url_file: file, send_resolved }] : [],
  );
  const slack = files.flatMap(({ receiver, file }) =>
    receiver.type === "slack"
      ? [{ api_url_file: file, channel: receiver.channel, ...message, send_resolved }]
      : [],
  );
  const pagerduty = files.flatMap(({ receiver, file }) =>
    receiver.type === "pagerduty" ? [{ routing_key_file: file, send_resolved }] : [],
  );
  return {
    name,
    ...(webhooks.length === 0 ? {} : { webhook_configs: webhooks }),
    ...(slack.length === 0 ? {} : { slack_configs: slack }),
    ...(pagerduty.length === 0 ? {} : { pagerduty_configs: pagerduty }),
  };
}

/** What a chat shows: the state and the alert, then one line and the runbook of each. */
const message = {
  title: "[{{ .Status | toUpper }}] {{ .GroupLabels.alertname }}",
  text: "{{ range .Alerts }}{{ .Annotations.summary }} {{ .Annotations.runbook_url }}\n{{ end }}",
};

/** Labels that say what an alert is about; one that neither alert has is equal as well. */
const subject = [
  "alertname",
  "namespace",
  "app",
  "service",
  "instance",
  "node",
  "mountpoint",
  "persistentvolumeclaim",
];

/** Says nothing of the lesser alerts while a worse one tells the same of the same thing. */
function inhibition(severity: string, lesser: string): AlertmanagerFile["inhibit_rules"][number] {
  return {
    source_matchers: [`severity = "${severity}"`],
    target_matchers: [`severity =~ "${lesser}"`],
    equal: subject,
  };
}
