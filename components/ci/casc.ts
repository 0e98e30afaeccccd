/** A value that Jenkins reads from a file of its Secret when it loads the settings. */
export interface SecretFile {
  /** Name of the file, which is a key of the Secret. */
  readonly secretFile: string;
}

/** Whom a role is given to. */
export type RoleEntry = { user: SecretFile } | { group: string };

/** A role for all of Jenkins. */
export interface GlobalRole {
  name: string;
  description: string;
  /** For example `Job/Build`. */
  permissions: string[];
  entries: RoleEntry[];
}

/** A role for the items whose full name matches. */
export interface ItemRole extends GlobalRole {
  /** Regular expression over the whole name, for example `commerce(/.*)?`. */
  pattern: string;
}

/** A kind of agent: a pod by its label. */
export interface AgentTemplate {
  name: string;
  /** What a pipeline asks for. */
  label: string;
  namespace: string;
  serviceAccount: string;
  /** Takes only builds that ask for its label. */
  nodeUsageMode: "EXCLUSIVE";
  /** The pod goes with its build, however that ends. */
  podRetention: "never";
  idleMinutes: 0;
  /** Seconds until the agent must have connected. */
  slaveConnectTimeout: number;
  showRawYaml: false;
  yamlMergeStrategy: "override";
  /** The pod as a manifest. */
  yaml: string;
}

/** Agents in pods of the cluster that Jenkins itself runs in. */
export interface KubernetesCloud {
  name: string;
  serverUrl: string;
  namespace: string;
  jenkinsUrl: string;
  /** Agents call the HTTP port, so that there is no second one to guard. */
  webSocket: true;
  /** Most agents at once. */
  containerCapStr: string;
  /** Seconds until a pod must run. */
  waitForPodSec: number;
  templates: AgentTemplate[];
}

/** Who logs in, and who says so. */
export type SecurityRealm =
  | { local: { allowsSignup: false; users: { id: SecretFile; password: SecretFile }[] } }
  | {
      oic: {
        clientId: string;
        clientSecret: SecretFile;
        serverConfiguration: {
          wellKnown: { wellKnownOpenIDConfigurationUrl: string; scopesOverride: string };
        };
        userNameField: string;
        groupsFieldName: string;
        /** The way in while the provider is away: a user of Jenkins' own. */
        properties: { escapeHatch: { username: SecretFile; secret: SecretFile } }[];
      };
    };

/** A git repository that a library is read from. */
export interface GitSource {
  remote: string;
  credentialsId?: string;
}

/** Settings of ThinBackup, as far as they differ from its own. */
export interface ThinBackup {
  backupPath: string;
  fullBackupSchedule: string;
  nrMaxStoredFull: number;
  backupBuildResults: boolean;
  backupBuildArchive: boolean;
  backupNextBuildNumber: boolean;
  waitForIdle: boolean;
  failFast: boolean;
}

/** The settings of Jenkins, as its plugin configuration-as-code reads them. */
export interface Casc {
  jenkins: {
    systemMessage: string;
    /** Nothing is built on the controller. */
    numExecutors: 0;
    mode: "EXCLUSIVE";
    /** No port for agents: they come over HTTP. */
    slaveAgentPort: -1;
    securityRealm: SecurityRealm;
    authorizationStrategy: {
      roleBased: { roles: { global: GlobalRole[]; items: ItemRole[] } };
    };
    clouds: { kubernetes: KubernetesCloud }[];
  };
  security: {
    apiToken: {
      creationOfLegacyTokenEnabled: false;
      tokenGenerationOnCreationEnabled: false;
      usageStatisticsEnabled: boolean;
    };
  };
  unclassified: {
    location: { url: string };
    globalLibraries: {
      libraries: {
        name: string;
        defaultVersion: string;
        implicit: true;
        allowVersionOverride: false;
        retriever: { modernSCM: { libraryPath: string; scm: { git: GitSource } } };
      }[];
    };
    prometheusConfiguration: { path: string; useAuthenticatedEndpoint: boolean };
    thinBackup: ThinBackup;
    buildDiscarders: {
      configuredBuildDiscarders: {
        simpleBuildDiscarder: {
          discarder: { logRotator: { daysToKeepStr: string; numToKeepStr: string } };
        };
      }[];
    };
  };
  credentials?: {
    system: {
      domainCredentials: {
        credentials: {
          usernamePassword: {
            scope: "GLOBAL";
            id: string;
            username: SecretFile;
            password: SecretFile;
          };
        }[];
      }[];
    };
  };
}

/** The jobs of Jenkins, apart from its settings, as they change with every app. */
export interface CascJobs {
  /** Texts for the plugin job-dsl. */
  jobs: { script: string }[];
}
