import type { AlertRoutes, Credential, Receiver as ReceiverConfig } from "../../config";
import type { Receiver, RoutingArgs } from "./routing";
import { defaultPlatformTeam } from "./rules";

/** Folder of the receivers' URLs and passwords, one file each. */
const folder = "/etc/alertmanager/credentials";

/** Source of a credential, and the file from which Alertmanager reads it. */
export interface CredentialFile {
  /** File name in the folder. */
  file: string;
  source: Credential;
}

/** The routes of a stack with file names instead of credentials, and the sources of the files. */
export interface Routing {
  args: RoutingArgs;
  /** Folder of the files. */
  folder: string;
  files: CredentialFile[];
}

/** Replaces every credential by a file, because alertmanager.yml is in a ConfigMap. */
export function routingOf({ default: platform, teams, heartbeat, mail }: AlertRoutes): Routing {
  const files: CredentialFile[] = [];
  const fileOf = (file: string, source: Credential) => {
    files.push({ file, source });
    return `${folder}/${file}`;
  };
  const receivers = Object.entries({ [defaultPlatformTeam]: platform, ...teams }).map(
    ([team, list]): [string, Receiver[]] => [
      team,
      list.map((config, index) => receiver(config, `team-${team}-${index}`, fileOf)),
    ],
  );
  const login = mail?.login && {
    username: mail.login.username,
    passwordFile: fileOf("mail-password", mail.login.password),
  };
  return {
    args: {
      receivers: Object.fromEntries(receivers),
      ...(heartbeat === undefined ? {} : { deadMansSwitchUrlFile: fileOf("heartbeat", heartbeat) }),
      ...(mail === undefined
        ? {}
        : { mail: { smarthost: mail.smarthost, from: mail.from, ...(login && { login }) } }),
    },
    folder,
    files,
  };
}

function receiver(
  config: ReceiverConfig,
  name: string,
  fileOf: (file: string, source: Credential) => string,
): Receiver {
  switch (config.type) {
    case "webhook":
      return { type: "webhook", urlFile: fileOf(name, config.url) };
    case "slack":
      return { type: "slack", channel: config.channel, urlFile: fileOf(name, config.url) };
    case "email":
      return { type: "email", to: config.to };
    default:
      fileOf(name, config.url);
      if ("secret" in config && config.secret !== undefined) {
        fileOf(`${name}-secret`, config.secret);
      }
      return { type: "chat", chat: config.type, file: name };
  }
}
