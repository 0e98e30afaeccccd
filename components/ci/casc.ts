/** A value that Jenkins reads from a file of its Secret when it loads its settings. */
export interface SecretFile {
  /** File name: a key of the Secret. */
  readonly secretFile: string;
}

/** The user or group that gets a role. */
export type RoleEntry = { user: SecretFile } | { group: string };

/** A global role. */
export interface GlobalRole {
  name: string;
  description: string;
  /** For example `Job/Build`. */
  permissions: string[];
  entries: RoleEntry[];
}

/** A role for all items whose full name matches a pattern. */
export interface ItemRole extends GlobalRole {
  /** Regular expression for the full name, for example `commerce(/.*)?`. */
  pattern: string;
}

/** An agent type: a pod template with a label. */
export interface AgentTemplate {
  name: string;
  /** Label that pipelines request. */
  label: string;
  namespace: string;
  serviceAccount: string;
  /** Runs only builds that request the label. */
  nodeUsageMode: "EXCLUSIVE";
  /** Deletes the pod at the end of the build, whatever the result. */
  podRetention: "never";
  idleMinutes: 0;
  /** Seconds in which the agent must connect. */
  slaveConnectTimeout: number;
  showRawYaml: false;
  yamlMergeStrategy: "override";
  /** Manifest of the pod. */
  yaml: string;
}

/** Agents as pods in the cluster that Jenkins runs in. */
export interface KubernetesCloud {
  name: string;
  serverUrl: string;
  namespace: string;
  jenkinsUrl: string;
  /** Agents connect over the HTTP port, so that no second port must be protected. */
  webSocket: true;
  /** Largest number of agents at the same time. */
  containerCapStr: string;
  /** Seconds in which a pod must start. */
  waitForPodSec: number;
  templates: AgentTemplate[];
}

/** How users log in. */
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
        /** Emergency login with a local user while the identity provider is not available. */
        properties: { escapeHatch: { username: SecretFile; secret: SecretFile } }[];
      };
    };

/** A git repository that contains a pipeline library. */
export interface GitSource {
  remote: string;
  credentialsId?: string;
}

/** Settings of ThinBackup that differ from its defaults. */
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

/** The settings of Jenkins in the format of the plugin configuration-as-code. */
export interface Casc {
  jenkins: {
    systemMessage: string;
    /** The controller runs no builds. */
    numExecutors: 0;
    mode: "EXCLUSIVE";
    /** No separate agent port: agents connect over HTTP. */
    slaveAgentPort: -1;
    securityRealm: SecurityRealm;
    authorizationStrategy: {
      roleBased: { roles: { global: GlobalRole[]; items: ItemRole[] } };
    };
    clouds: { kubernetes: KubernetesCloud }[];
    /** Variables of every build. */
    globalNodeProperties: { envVars: { env: { key: string; value: string }[] } }[];
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
        /** Where the credentials may be sent to. */
        domain: {
          name: string;
          specifications: { hostnameSpecification: { includes: string } }[];
        };
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

/** The jobs of Jenkins, separate from its settings because they change with every app. */
export interface CascJobs {
  /** Scripts for the plugin job-dsl. */
  jobs: { script: string }[];
}
