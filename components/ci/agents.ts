import type * as k8s from "@pulumi/kubernetes";
import { stringify } from "yaml";
import { imageReference, images, type Image, type ImageSource } from "../../versions/images";
import { containerSecurityContext, runAsVolumeOwner, withoutApiAccess } from "../shared/pods";
import {
  agentNames,
  buildImages,
  type AgentName,
  type BuildImage,
} from "../../versions/app-runtimes";
import { builderAddress } from "./builder";
import type { AgentTemplate } from "./casc";
import { goTrust } from "./certificates";
import { agentLabel, agentsNamespace } from "./names";
import { packagesVolume, withPackages } from "./packages";

/** The environment of a build. A pipeline requests an agent by this name. */
export type Agent = AgentName | "image" | "platform";

/** Images that replace those of the version table, by agent name. */
export type AgentImages = Partial<Record<Agent, string>>;

/** Settings of the agents. */
export interface AgentsArgs {
  /** Images that replace those of the version table, by agent name. Default: none. */
  images?: AgentImages;
  /** Registry with the platform's base images. Default: public images. */
  baseImages?: string;
  /** Whether builds download packages from the stack's own repositories. Default: false. */
  packages?: boolean;
  /** Where the scanner downloads its vulnerability databases. Default: the publishers' repositories. */
  scan?: ScanSources;
  /** Secret with the company's CA certificates, which the image agents trust. Default: public CAs only. */
  caBundle?: string;
  /** Source of the images of the version table. Default: the publishers' registries. */
  imageSource?: ImageSource;
}

/** Repositories of Trivy's vulnerability databases. */
export interface ScanSources {
  database?: string;
  javaDatabase?: string;
}

/** Service account of the agents; it has no rights and no token. */
export const agentsAccount = "jenkins-agent";

/** Secret of type kubernetes.io/dockerconfigjson in the agents' namespace, with the credentials to push images. */
export const pushSecret = "registry-push";

/** Secret in the agents' namespace with the variables and files that releases need. */
const releaseSecret = "platform-release";

type Container = k8s.types.input.core.v1.Container;
type Resources = k8s.types.input.core.v1.ResourceRequirements;

const workspace = "/home/jenkins/agent";
const secrets = "/run/secrets/platform";
const user = 1000;

/** Enough for a compiler: a build that runs out of memory fails with misleading errors. */
const buildSize = size("500m", "1Gi", "2", "4Gi");
// A scan reads whole layers, and an index of all Java archives.
const scanSize = size("100m", "512Mi", "1", "2Gi");
const toolSize = size("100m", "256Mi", "1", "1Gi");
const connectionSize = size("100m", "256Mi", "500m", "512Mi");

/** Returns the pod templates of all agents for Jenkins' settings. */
export function agentTemplates(args: AgentsArgs = {}): AgentTemplate[] {
  const { images: custom = {}, imageSource } = args;
  const image = (agent: Agent, standard: Image) =>
    custom[agent] ?? imageReference(standard, imageSource);
  const connection = imageReference(images.jenkinsAgent, imageSource);
  return [
    ...agentNames.flatMap((name) => buildTemplate(name, connection, args)),
    template("image", connection, imageContainers(image("image", images.buildkit), args), [
      {
        name: "registry",
        // The Secret is optional: without it images are built, and a push fails with an authentication error.
        secret: {
          secretName: pushSecret,
          optional: true,
          items: [{ key: ".dockerconfigjson", path: "config.json" }],
        },
      },
      ...goTrust(args.caBundle).volumes,
    ]),
    template(
      "platform",
      connection,
      [platformContainer(image("platform", images.pulumi))],
      [{ name: "release", secret: { secretName: releaseSecret, optional: true } }],
    ),
  ];
}

/** Returns the agent for one version of a language; empty if the stack has no image of it. */
function buildTemplate(name: AgentName, connection: string, args: AgentsArgs): AgentTemplate[] {
  const { tool, base, published }: BuildImage = buildImages[name];
  const { images: custom = {}, baseImages, packages, imageSource } = args;
  const own = base === undefined || baseImages === undefined ? undefined : { base, baseImages };
  const image =
    custom[name] ??
    (own && `${own.baseImages}/template/${own.base}`) ??
    (published && imageReference(published, imageSource));
  if (image === undefined) return [];
  const build = container("build", image, buildSize);
  return [
    template(
      name,
      connection,
      [packages ? withPackages(build, tool) : build],
      packages ? [packagesVolume] : [],
      // The project of the base images is private.
      own && custom[name] === undefined ? [pushSecret] : [],
    ),
  ];
}

function template(
  runtime: Agent,
  connection: string,
  containers: Container[],
  volumes: k8s.types.input.core.v1.Volume[] = [],
  pullSecrets: string[] = [],
): AgentTemplate {
  return {
    name: runtime,
    label: runtime,
    namespace: agentsNamespace,
    serviceAccount: agentsAccount,
    nodeUsageMode: "EXCLUSIVE",
    podRetention: "never",
    idleMinutes: 0,
    slaveConnectTimeout: 300,
    showRawYaml: false,
    yamlMergeStrategy: "override",
    yaml: stringify(agentPod(runtime, connection, containers, volumes, pullSecrets), {
      lineWidth: 0,
    }),
  };
}

/** The plugin adds the workspace volume to each container, and its address and key to the first. */
function agentPod(
  runtime: Agent,
  connection: string,
  containers: Container[],
  volumes: k8s.types.input.core.v1.Volume[],
  pullSecrets: string[],
): k8s.types.input.core.v1.Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { labels: { [agentLabel]: runtime } },
    spec: {
      serviceAccountName: agentsAccount,
      ...withoutApiAccess,
      ...(pullSecrets.length === 0
        ? {}
        : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
      restartPolicy: "Never",
      // The waiting process is no shell and ignores signals, so a long grace period would only delay.
      terminationGracePeriodSeconds: 10,
      securityContext: runAsVolumeOwner(user),
      containers: [
        {
          name: "jnlp",
          image: connection,
          workingDir: workspace,
          resources: connectionSize,
          securityContext: containerSecurityContext,
        },
        ...containers,
      ],
      volumes,
    },
  };
}

/** A container that waits for the steps of a pipeline. */
function container(name: string, image: string, resources: Resources): Container {
  return {
    name,
    image,
    command: ["sleep"],
    args: ["infinity"],
    workingDir: workspace,
    // The user of the image, often root, has another home directory.
    env: [{ name: "HOME", value: workspace }],
    resources,
    securityContext: containerSecurityContext,
  };
}

/** Builds with the remote daemon, which alone has the rights that building needs; scans; pushes. */
function imageContainers(client: string, args: AgentsArgs): Container[] {
  const { imageSource, scan = {}, caBundle } = args;
  const trust = goTrust(caBundle);
  const build = container("build", client, toolSize);
  const scanner = container("scan", imageReference(images.trivy, imageSource), scanSize);
  return [
    {
      ...build,
      env: [
        { name: "HOME", value: workspace },
        { name: "BUILDKIT_HOST", value: builderAddress },
        { name: "DOCKER_CONFIG", value: "/run/secrets/registry" },
        ...trust.env,
      ],
      volumeMounts: [
        { name: "registry", mountPath: "/run/secrets/registry", readOnly: true },
        ...trust.volumeMounts,
      ],
    },
    {
      ...scanner,
      env: [
        ...(scanner.env as k8s.types.input.core.v1.EnvVar[]),
        ...variable("TRIVY_DB_REPOSITORY", scan.database),
        ...variable("TRIVY_JAVA_DB_REPOSITORY", scan.javaDatabase),
        ...trust.env,
      ],
      ...(trust.volumeMounts.length === 0 ? {} : { volumeMounts: trust.volumeMounts }),
    },
  ];
}

/** Runs the platform CLI. Only pipelines that this repository defines request it. */
function platformContainer(image: string): Container {
  return {
    ...container("build", image, buildSize),
    envFrom: [{ secretRef: { name: releaseSecret, optional: true } }],
    volumeMounts: [{ name: "release", mountPath: secrets, readOnly: true }],
  };
}

function variable(name: string, value: string | undefined): { name: string; value: string }[] {
  return value === undefined ? [] : [{ name, value }];
}

function size(cpu: string, memory: string, maxCpu: string, maxMemory: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: maxCpu, memory: maxMemory } };
}
