import { z } from "zod";

/** A string as Jenkins reads it: `${…}` is replaced, so only whole references may contain it. */
const text = z.string().refine((value) => !/(?<!\^)\$\{/.test(value), "an unmarked ${");
/** The content of a secret, by the name of its file. */
const secret = z.string().regex(/^\$\{[a-z-]+\}$/, "a reference to a secret");
const url = z.url({ protocol: /^https?$/ });

const entry = z.union([z.strictObject({ user: secret }), z.strictObject({ group: text })]);
const permission = z.enum([
  "Overall/Administer",
  "Overall/Read",
  "Job/Build",
  "Job/Cancel",
  "Job/Discover",
  "Job/Read",
]);
const role = {
  name: text,
  description: text,
  permissions: z.array(permission).min(1),
  entries: z.array(entry),
};

const realm = z.union([
  z.strictObject({
    local: z.strictObject({
      allowsSignup: z.literal(false),
      users: z.array(z.strictObject({ id: secret, password: secret })).min(1),
    }),
  }),
  z.strictObject({
    oic: z.strictObject({
      clientId: text,
      clientSecret: secret,
      serverConfiguration: z.strictObject({
        wellKnown: z.strictObject({
          wellKnownOpenIDConfigurationUrl: url,
          scopesOverride: text,
        }),
      }),
      userNameField: text,
      groupsFieldName: text,
      properties: z.tuple([
        z.strictObject({ escapeHatch: z.strictObject({ username: secret, secret }) }),
      ]),
    }),
  }),
]);

const template = z.strictObject({
  name: text,
  label: text,
  namespace: z.literal("ci-agents"),
  serviceAccount: z.literal("jenkins-agent"),
  nodeUsageMode: z.literal("EXCLUSIVE"),
  podRetention: z.literal("never"),
  idleMinutes: z.literal(0),
  slaveConnectTimeout: z.int().min(60),
  showRawYaml: z.literal(false),
  yamlMergeStrategy: z.literal("override"),
  yaml: text,
});

const cloud = z.strictObject({
  name: text,
  serverUrl: url,
  namespace: z.literal("ci-agents"),
  jenkinsUrl: url,
  webSocket: z.literal(true),
  containerCapStr: z.string().regex(/^\d+$/),
  waitForPodSec: z.int(),
  templates: z.array(template).min(1),
});

const git = z.strictObject({ remote: url, credentialsId: z.literal("git").optional() });

/** Jenkins' settings, parsed from their text. Unknown keys would prevent its start. */
export const cascSchema = z.strictObject({
  jenkins: z.strictObject({
    systemMessage: text,
    numExecutors: z.literal(0),
    mode: z.literal("EXCLUSIVE"),
    slaveAgentPort: z.literal(-1),
    securityRealm: realm,
    authorizationStrategy: z.strictObject({
      roleBased: z.strictObject({
        roles: z.strictObject({
          global: z.array(z.strictObject(role)).min(1),
          items: z.array(z.strictObject({ ...role, pattern: text })).min(1),
        }),
      }),
    }),
    clouds: z.tuple([z.strictObject({ kubernetes: cloud })]),
    globalNodeProperties: z.tuple([
      z.strictObject({
        envVars: z.strictObject({
          env: z.tuple([
            z.strictObject({ key: z.literal("PLATFORM_APPROVERS"), value: z.string() }),
            z.strictObject({ key: z.literal("PLATFORM_BRANCH"), value: text }),
            z.strictObject({ key: z.literal("PLATFORM_API"), value: text }),
          ]),
        }),
      }),
    ]),
  }),
  security: z.strictObject({
    apiToken: z.strictObject({
      creationOfLegacyTokenEnabled: z.literal(false),
      tokenGenerationOnCreationEnabled: z.literal(false),
      usageStatisticsEnabled: z.boolean(),
    }),
  }),
  unclassified: z.strictObject({
    location: z.strictObject({ url: url.endsWith("/") }),
    globalLibraries: z.strictObject({
      libraries: z.tuple([
        z.strictObject({
          name: text,
          defaultVersion: text,
          implicit: z.literal(true),
          allowVersionOverride: z.literal(false),
          retriever: z.strictObject({
            modernSCM: z.strictObject({
              libraryPath: z.literal("ci/library/"),
              scm: z.strictObject({ git }),
            }),
          }),
        }),
      ]),
    }),
    prometheusConfiguration: z.strictObject({
      path: z.literal("prometheus"),
      useAuthenticatedEndpoint: z.boolean(),
    }),
    thinBackup: z.strictObject({
      backupPath: z.literal("/var/jenkins_backup"),
      fullBackupSchedule: z.literal("0 * * * *"),
      nrMaxStoredFull: z.literal(10),
      backupBuildResults: z.boolean(),
      backupBuildArchive: z.boolean(),
      backupNextBuildNumber: z.boolean(),
      waitForIdle: z.literal(false),
      failFast: z.boolean(),
    }),
    buildDiscarders: z.strictObject({
      configuredBuildDiscarders: z.tuple([
        z.strictObject({
          simpleBuildDiscarder: z.strictObject({
            discarder: z.strictObject({
              logRotator: z.strictObject({
                daysToKeepStr: z.string().regex(/^\d+$/),
                numToKeepStr: z.string().regex(/^\d+$/),
              }),
            }),
          }),
        }),
      ]),
    }),
  }),
  credentials: z
    .strictObject({
      system: z.strictObject({
        domainCredentials: z.tuple([
          z.strictObject({
            domain: z.strictObject({
              name: text,
              specifications: z.tuple([
                z.strictObject({ hostnameSpecification: z.strictObject({ includes: text }) }),
              ]),
            }),
            credentials: z.tuple([
              z.strictObject({
                usernamePassword: z.strictObject({
                  scope: z.literal("GLOBAL"),
                  id: z.literal("git"),
                  username: secret,
                  password: secret,
                }),
              }),
            ]),
          }),
        ]),
      }),
    })
    .optional(),
});

/** @see {@link cascSchema} */
export type CascText = z.infer<typeof cascSchema>;
