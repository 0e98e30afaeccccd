import { repositoryApi, repositoryHost } from "../../config";
import { agentTemplates, type AgentsArgs } from "./agents";
import type { Casc, KubernetesCloud, SecurityRealm, ThinBackup } from "./casc";
import {
  adminUser,
  approverNames,
  globalRoles,
  itemRoles,
  triggerUser,
  type TeamGroups,
} from "./casc-roles";
import { secretFile } from "./casc-yaml";
import { agentsNamespace } from "./names";

/** How users log in: Jenkins' own users or an OpenID Connect provider. */
export type Login =
  | { type: "local" }
  | { type: "oidc"; discovery: string; clientId: string; secret: string; groupsClaim: string };

/** Arguments of {@link jenkinsSettings}. */
export interface SettingsArgs {
  /** URL of the web UI, without a final slash. */
  url: string;
  /** URL for agents inside the cluster. */
  internalUrl: string;
  /** How users log in. */
  login: Login;
  /** Groups with all rights. */
  administrators: string[];
  /** Teams that have apps, by name, with their groups. */
  teams: Record<string, TeamGroups>;
  /** Git repository of this program, its branch, GitLab's API, and the Secret with its credentials. Default: no credentials. */
  repository: { url: string; branch: string; api?: string; secret?: string };
  /** Settings of the agents, and the largest number of agents at the same time (`quota.pods`). */
  agents: { quota: { pods: number } } & AgentsArgs;
}

/** ID of the git credentials in Jenkins. */
export const gitCredentials = "git";

/** Folder of ThinBackup, on its own volume. */
export const backupFolder = "/var/jenkins_backup";

/** Returns the settings of Jenkins. */
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
      globalNodeProperties: [{ envVars: { env: variables(args) } }],
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
    ...(args.repository.secret === undefined
      ? {}
      : { credentials: credentials(repositoryHost(args.repository.url)) }),
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

function cloud({ agents, internalUrl }: SettingsArgs): KubernetesCloud {
  return {
    name: "kubernetes",
    serverUrl: "https://kubernetes.default",
    namespace: agentsNamespace,
    jenkinsUrl: internalUrl,
    webSocket: true,
    containerCapStr: String(agents.quota.pods),
    waitForPodSec: 600,
    templates: agentTemplates(agents),
  };
}

/** The library with the steps of all pipelines, read from the head of its default branch. */
function library(
  repository: SettingsArgs["repository"],
): Casc["unclassified"]["globalLibraries"]["libraries"][number] {
  const { url, branch, secret } = repository;
  const credentialsId = secret === undefined ? {} : { credentialsId: gitCredentials };
  return {
    name: "platform",
    defaultVersion: branch,
    implicit: true,
    // A pipeline that chooses another branch would run unreviewed code with every credential.
    allowVersionOverride: false,
    retriever: {
      modernSCM: { libraryPath: "ci/library/", scm: { git: { remote: url, ...credentialsId } } },
    },
  };
}

/**
 * A full backup every hour; the last ten are kept. Users and credentials are not included, as they come from Secrets.
 */
const thinBackup: ThinBackup = {
  backupPath: backupFolder,
  fullBackupSchedule: "0 * * * *",
  nrMaxStoredFull: 10,
  backupBuildResults: true,
  backupBuildArchive: false,
  backupNextBuildNumber: true,
  // Waiting for idle would block new builds every hour.
  waitForIdle: false,
  failFast: false,
};

/**
 * Global variables for the pipeline library: who may approve an update of a stack, the default branch of the platform's
 * repository, and the API of its GitLab. The first one is set even if it is empty, because Jenkins keeps a setting that its
 * file no longer has.
 */
function variables({ administrators, repository }: SettingsArgs): { key: string; value: string }[] {
  return [
    { key: "PLATFORM_APPROVERS", value: approverNames(administrators).join(",") },
    { key: "PLATFORM_BRANCH", value: repository.branch },
    { key: "PLATFORM_API", value: repositoryApi(repository) },
  ];
}

/** The git credentials. Without a domain of one host, Jenkins would use them for every address that a job names. */
function credentials(host: string): Casc["credentials"] {
  const usernamePassword = {
    scope: "GLOBAL" as const,
    id: gitCredentials,
    username: secretFile("git-username"),
    password: secretFile("git-password"),
  };
  const domain = { name: host, specifications: [{ hostnameSpecification: { includes: host } }] };
  return { system: { domainCredentials: [{ domain, credentials: [{ usernamePassword }] }] } };
}
