import type { AlertRoutes, Credential, Receiver as ReceiverConfig } from "../../config";
import type { Receiver, RoutingArgs } from "./routing";
import { defaultPlatformTeam } from "./rules";

/** Folder of the receivers' URLs and passwords; each file is one of them. */
const folder = "/etc/alertmanager/credentials";

/** Where one credential comes from, and the file that Alertmanager reads it from. */
export interface CredentialFile {
  /** Name of the file in the folder. */
  file: string;
  source: Credential;
}

/** The routes of a stack with files in the place of credentials, and where the files come from. */
export interface Routing {
  args: RoutingArgs;
  /** Folder where the files must be. */
  folder: string;
  files: CredentialFile[];
}

/** Puts a file in the place of every credential: what is in alertmanager.yml is for everybody to read. */
export function routingOf({ default: platform, teams, heartbeat, mail }: AlertRoutes): Routing {
  const files: CredentialFile[] = [];
  const fileOf = (file: string, source: Credential) => {
    files.push({ file, source });
    return `${folder}/${file}`;
  };
  const receivers = Object.entries({ [defaultPlatformTeam]: platform, ...teams }).map(
    ([team, list]): [string, Receiver[]] => [
      team,
      list.map((config, index) => receiver(config, (url) => fileOf(`team-${team}-${index}`, url))),
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

function receiver(config: ReceiverConfig, urlFile: (url: Credential) => string): Receiver {
  switch (config.type) {
    case "webhook":
      return { type: "webhook", urlFile: urlFile(config.url) };
    case "slack":
      return { type: "slack", channel: config.channel, urlFile: urlFile(config.url) };
    case "email":
      return { type: "email", to: config.to };
  }
}
