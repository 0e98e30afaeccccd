import type { ImageSource } from "../../versions/images";
import { agentTemplates, type AgentsArgs } from "./agents";
import type { Casc, KubernetesCloud, SecurityRealm, ThinBackup } from "./casc";
import { adminUser, globalRoles, itemRoles, triggerUser, type TeamGroups } from "./casc-roles";
import { secretFile } from "./casc-yaml";
import { agentsNamespace } from "./names";

/** Who logs in, and who says so. */
export type Login =
  | { type: "local" }
  | { type: "oidc"; discovery: string; clientId: string; secret: string; groupsClaim: string };

/** What the settings depend on. */
export interface SettingsArgs {
  /** Address of its pages, without a final slash. */
  url: string;
  /** Address for agents, inside of the cluster. */
  internalUrl: string;
  login: Login;
  /** Groups that may do everything. */
  administrators: string[];
  /** Teams that have apps, by name, each with its groups. */
  teams: Record<string, TeamGroups>;
  /** The repository of this program, and whether it needs credentials. */
  repository: { url: string; branch: string; secret?: string };
  agents: { quota: { pods: number } } & AgentsArgs;
  /** Prefix of an internal image mirror. */
  imageMirror?: ImageSource;
}

/** Id of the credentials for git. */
export const gitCredentials = "git";

/** Folder of ThinBackup, a volume of its own. */
export const backupFolder = "/var/jenkins_backup";

/** The settings of Jenkins. */
export function jenkinsSettings(args: SettingsArgs): Casc {
  return {
    jenkins: {
      systemMessage:
        "Settings and jobs come from the platform's repository; changes here are undone.",
      numExecutors: 0,
      mode: "EXCLUSIVE",
      slaveAgentPort: -1,
      securityRealm: securityRealm(args.login),
      authorizationStrategy: {
        roleBased: {
          roles: { global: globalRoles(args.administrators), items: itemRoles(args.teams) },
        },
      },
      clouds: [{ kubernetes: cloud(args) }],
    },
    security: {
      apiToken: {
        creationOfLegacyTokenEnabled: false,
        tokenGenerationOnCreationEnabled: false,
        usageStatisticsEnabled: true,
      },
    },
    unclassified: {
      location: { url: `${args.url}/` },
      globalLibraries: { libraries: [library(args.repository)] },
      prometheusConfiguration: { path: "prometheus", useAuthenticatedEndpoint: false },
      thinBackup,
      buildDiscarders: {
        configuredBuildDiscarders: [
          {
            simpleBuildDiscarder: {
              discarder: { logRotator: { daysToKeepStr: "90", numToKeepStr: "50" } },
            },
          },
        ],
      },
    },
    ...(args.repository.secret === undefined ? {} : { credentials: credentials() }),
  };
}

function securityRealm(login: Login): SecurityRealm {
  if (login.type === "local") {
    return {
      local: {
        allowsSignup: false,
        users: [
          { id: adminUser, password: secretFile("admin-password") },
          { id: triggerUser, password: secretFile("trigger-password") },
        ],
      },
    };
  }
  return {
    oic: {
      clientId: login.clientId,
      clientSecret: secretFile("oidc-client-secret"),
      serverConfiguration: {
        wellKnown: {
          wellKnownOpenIDConfigurationUrl: login.discovery,
          scopesOverride: "openid profile email groups",
        },
      },
      userNameField: "preferred_username",
      groupsFieldName: login.groupsClaim,
      properties: [{ escapeHatch: { username: adminUser, secret: secretFile("admin-password") } }],
    },
  };
}

function cloud({ agents, internalUrl, imageMirror }: SettingsArgs): KubernetesCloud {
  return {
    name: "kubernetes",
    serverUrl: "https://kubernetes.default",
    namespace: agentsNamespace,
    jenkinsUrl: internalUrl,
    webSocket: true,
    containerCapStr: String(agents.quota.pods),
    waitForPodSec: 600,
    templates: agentTemplates({ ...agents, imageMirror }),
  };
}

/** The steps that every pipeline is made of; read from the same commit as its default branch. */
function library(
  repository: SettingsArgs["repository"],
): Casc["unclassified"]["globalLibraries"]["libraries"][number] {
  const { url, branch, secret } = repository;
  const credentialsId = secret === undefined ? {} : { credentialsId: gitCredentials };
  return {
    name: "platform",
    defaultVersion: branch,
    implicit: true,
    // A pipeline that chose a branch of its own would run unreviewed text with every credential.
    allowVersionOverride: false,
    retriever: {
      modernSCM: { libraryPath: "ci/library/", scm: { git: { remote: url, ...credentialsId } } },
    },
  };
}

/** Every hour a whole backup, the last ten kept. What users and credentials hold comes from Secrets. */
const thinBackup: ThinBackup = {
  backupPath: backupFolder,
  fullBackupSchedule: "0 * * * *",
  nrMaxStoredFull: 10,
  backupBuildResults: true,
  backupBuildArchive: false,
  backupNextBuildNumber: true,
  // Waiting would keep new builds from starting, every hour.
  waitForIdle: false,
  failFast: false,
};

function credentials(): Casc["credentials"] {
  const usernamePassword = {
    scope: "GLOBAL" as const,
    id: gitCredentials,
    username: secretFile("git-username"),
    password: secretFile("git-password"),
  };
  return { system: { domainCredentials: [{ credentials: [{ usernamePassword }] }] } };
}
