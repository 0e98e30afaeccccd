import { systemCredentials } from "./jenkins-credentials";
import { list, plain, symbols, type Known } from "./known";

const core = "core/src/main/java/";
const entry: Known = {
  source: "role-strategy: casc/RoleDefinition.java, RoleDefinitionEntry",
  attributes: plain("user group either"),
};
const role: Known = {
  source: "role-strategy: casc/RoleDefinition.java",
  attributes: {
    ...plain("name description pattern assignments templateName"),
    permissions: "plain",
    entries: list(entry),
  },
};

const realm = symbols({
  local: {
    source: `${core}hudson/security/HudsonPrivateSecurityRealm.java, HudsonPrivateSecurityRealmConfigurator.java`,
    attributes: {
      ...plain("allowsSignup enableCaptcha captchaSupport"),
      users: list({
        source: "HudsonPrivateSecurityRealmConfigurator.java, UserWithPassword",
        attributes: plain("id name description password properties"),
      }),
    },
  },
  oic: {
    source: "oic-auth: OicSecurityRealm.java",
    attributes: {
      ...plain("clientId clientSecret disableSslVerification userIdStrategy groupIdStrategy"),
      ...plain("allowTokenAccessWithoutOicSession emailFieldName fullNameFieldName"),
      ...plain("groupsFieldName logoutFromOpenidProvider postLogoutRedirectUrl rootURLFromRequest"),
      ...plain("sendScopesInTokenRequest tokenExpirationCheckDisabled tokenFieldToCheckKey"),
      ...plain("tokenFieldToCheckValue userNameField"),
      serverConfiguration: symbols({
        wellKnown: {
          source: "oic-auth: OicServerWellKnownConfiguration.java",
          attributes: plain("wellKnownOpenIDConfigurationUrl scopesOverride"),
        },
      }),
      properties: list(
        symbols({
          escapeHatch: {
            source: "oic-auth: properties/EscapeHatch.java",
            attributes: plain("username group secret"),
          },
        }),
      ),
    },
  },
});

const template: Known = {
  source: "kubernetes: PodTemplate.java",
  attributes: {
    ...plain("id activeDeadlineSeconds activeDeadlineSecondsStr agentContainer agentInjection"),
    ...plain("annotations capOnlyOnAlivePods containers envVars hostNetwork idleMinutes"),
    ...plain("idleMinutesStr imagePullSecrets inheritFrom inheritYamlMergeStrategy instanceCap"),
    ...plain("instanceCapStr label name namespace nodeProperties nodeSelector nodeUsageMode"),
    ...plain("podRetention runAsGroup runAsUser schedulerName serviceAccount showRawYaml"),
    ...plain("slaveConnectTimeout slaveConnectTimeoutStr supplementalGroups"),
    ...plain("terminationGracePeriodSeconds volumes workspaceVolume yaml yamlMergeStrategy yamls"),
  },
};

const cloud = symbols({
  kubernetes: {
    source: "kubernetes: KubernetesCloud.java",
    attributes: {
      ...plain("name addMasterProxyEnvVars capOnlyOnAlivePods connectTimeout containerCap"),
      ...plain("containerCapStr credentialsId defaultsProviderTemplate directConnection"),
      ...plain("garbageCollection jenkinsTunnel jenkinsUrl jnlpregistry maxRequestsPerHost"),
      ...plain("maxRequestsPerHostStr namespace podLabels podRetention readTimeout"),
      ...plain("restrictedPssSecurityContext retentionTimeout serverCertificate serverUrl"),
      ...plain("skipTlsVerify traits usageRestricted useJenkinsProxy waitForPodSec webSocket"),
      templates: list(template),
    },
  },
});

const library: Known = {
  source: "pipeline-groovy-lib: LibraryConfiguration.java",
  attributes: {
    ...plain("name allowVersionOverride cachingConfiguration defaultVersion implicit"),
    ...plain("includeInChangesets"),
    retriever: symbols({
      modernSCM: {
        source: "pipeline-groovy-lib: SCMSourceRetriever.java, SCMBasedRetriever.java",
        attributes: {
          ...plain("clone libraryPath"),
          scm: symbols({
            git: {
              source: "git: jenkins/plugins/git/GitSCMSource.java",
              attributes: plain("remote browser credentialsId extensions gitTool traits id"),
            },
          }),
        },
      },
    }),
  },
};

const discarder = symbols({
  simpleBuildDiscarder: {
    source: `${core}jenkins/model/SimpleGlobalBuildDiscarderStrategy.java`,
    attributes: {
      discarder: symbols({
        logRotator: {
          source: `${core}hudson/tasks/LogRotator.java`,
          attributes: {
            ...plain("daysToKeepStr numToKeepStr artifactDaysToKeepStr artifactNumToKeepStr"),
            ...plain("removeLastBuild"),
          },
        },
      }),
    },
  },
});

/** Root elements and their attributes. */
export const cascKnown: Known = {
  source: "configuration-as-code: RootElementConfigurator implementations",
  attributes: {
    jenkins: {
      source: `${core}jenkins/model/Jenkins.java, JenkinsConfigurator.java`,
      attributes: {
        ...plain(
          "disableRememberMe labelString markupFormatter mode myViewsTabBar noUsageStatistics",
        ),
        ...plain("nodeName nodes numExecutors primaryView projectNamingStrategy proxy quietPeriod"),
        ...plain(
          "rawBuildsDir scmCheckoutRetryCount slaveAgentPort systemMessage views viewsTabBar",
        ),
        ...plain("remotingSecurity updateCenter labelAtoms nodeMonitors"),
        // Without attributes: its constructor has no parameters, and it has no setters.
        crumbIssuer: symbols({
          standard: {
            source: `${core}hudson/security/csrf/DefaultCrumbIssuer.java`,
            attributes: {},
          },
        }),
        securityRealm: realm,
        authorizationStrategy: symbols({
          roleBased: {
            source: "role-strategy: casc/RoleBasedAuthorizationStrategyConfigurator.java",
            attributes: {
              permissionTemplates: "plain",
              roles: {
                source: "role-strategy: casc/GrantedRoles.java",
                attributes: { global: list(role), items: list(role), agents: list(role) },
              },
            },
          },
        }),
        clouds: list(cloud),
        globalNodeProperties: list(
          symbols({
            envVars: {
              source: `${core}hudson/slaves/EnvironmentVariablesNodeProperty.java`,
              attributes: { env: list({ source: "Entry", attributes: plain("key value") }) },
            },
          }),
        ),
      },
    },
    security: {
      source: "configuration-as-code: GlobalConfigurationCategoryConfigurator",
      attributes: {
        apiToken: {
          source: `${core}jenkins/security/apitoken/ApiTokenPropertyConfiguration.java`,
          attributes: plain(
            "creationOfLegacyTokenEnabled tokenGenerationOnCreationEnabled usageStatisticsEnabled",
          ),
        },
      },
    },
    unclassified: {
      source: "configuration-as-code: GlobalConfigurationCategoryConfigurator",
      attributes: {
        location: {
          source: `${core}jenkins/model/JenkinsLocationConfiguration.java`,
          attributes: plain("adminAddress url"),
        },
        globalLibraries: {
          source: "pipeline-groovy-lib: GlobalLibraries.java",
          attributes: { libraries: list(library) },
        },
        prometheusConfiguration: {
          source: "prometheus: config/PrometheusConfiguration.java",
          attributes: plain("path useAuthenticatedEndpoint defaultNamespace jobAttributeName"),
        },
        thinBackup: {
          source: "thinBackup: ThinBackupPluginImpl.java",
          attributes: {
            ...plain("backupAdditionalFiles backupAdditionalFilesRegex backupBuildArchive"),
            ...plain("backupBuildResults backupBuildsToKeepOnly backupConfigHistory"),
            ...plain("backupNextBuildNumber backupPath backupPluginArchives backupUserContents"),
            ...plain("cleanupDiff diffBackupSchedule excludedFilesRegex failFast"),
            ...plain("forceQuietModeTimeout fullBackupSchedule moveOldBackupsToZipFile"),
            ...plain("nrMaxStoredFull waitForIdle"),
          },
        },
        buildDiscarders: {
          source: `${core}jenkins/model/GlobalBuildDiscarderConfiguration.java`,
          attributes: { configuredBuildDiscarders: list(discarder) },
        },
      },
    },
    credentials: systemCredentials,
  },
};
