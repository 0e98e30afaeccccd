import type * as k8s from "@pulumi/kubernetes";
import { stringify } from "yaml";
import { imageReference, images, type Image } from "../shared/images";
import { containerSecurityContext, ownsVolumes, withoutApiAccess } from "../shared/pods";
import { builderAddress } from "./builder";
import type { AgentTemplate } from "./casc";

/** What a build runs in; a pipeline asks for an agent by this name. */
export type Runtime = "maven" | "php" | "node" | "python" | "image" | "platform";

/** Images that stand in for the public ones, by runtime. */
export type RuntimeImages = Partial<Record<Runtime, string>>;

/** Namespace of the agents. */
export const agentsNamespace = "ci-agents";

/** Service account of the agents; it has no rights and no token. */
export const agentsAccount = "jenkins-agent";

/** Secret of type kubernetes.io/dockerconfigjson in the agents' namespace: who may push images. */
export const pushSecret = "registry-push";

/** Secret in the agents' namespace: what releases need, as variables and as files. */
const releaseSecret = "platform-release";

/** Label of an agent's pod that names its runtime. */
export const agentLabel = "platform/agent";

type Container = k8s.types.input.core.v1.Container;
type Resources = k8s.types.input.core.v1.ResourceRequirements;

const workspace = "/home/jenkins/agent";
const secrets = "/run/secrets/platform";
const user = 1000;

/** A compiler's appetite: builds that are starved of memory fail in ways that nobody understands. */
const buildSize = size("500m", "1Gi", "2", "4Gi");
const toolSize = size("100m", "256Mi", "1", "1Gi");
const connectionSize = size("100m", "256Mi", "500m", "512Mi");

/** Every kind of agent, as Jenkins' settings name them. */
export function agentTemplates(
  custom: RuntimeImages = {},
  imageMirror: string | undefined = undefined,
): AgentTemplate[] {
  const image = (runtime: Runtime, standard: Image) =>
    custom[runtime] ?? imageReference(standard, imageMirror);
  const connection = imageReference(images.jenkinsAgent, imageMirror);
  return [
    template("maven", connection, [container("build", image("maven", images.maven), buildSize)]),
    template("php", connection, [container("build", image("php", images.composer), buildSize)]),
    template("node", connection, [container("build", image("node", images.nodeBuild), buildSize)]),
    template("python", connection, [container("build", image("python", images.python), buildSize)]),
    template("image", connection, imageContainers(image("image", images.buildkit), imageMirror), [
      {
        name: "registry",
        // Without it, pushing fails and says that it is not authenticated; building works.
        secret: {
          secretName: pushSecret,
          optional: true,
          items: [{ key: ".dockerconfigjson", path: "config.json" }],
        },
      },
    ]),
    template(
      "platform",
      connection,
      [platformContainer(image("platform", images.pulumi))],
      [{ name: "release", secret: { secretName: releaseSecret, optional: true } }],
    ),
  ];
}

function template(
  runtime: Runtime,
  connection: string,
  containers: Container[],
  volumes: k8s.types.input.core.v1.Volume[] = [],
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
    yaml: stringify(agentPod(runtime, connection, containers, volumes), { lineWidth: 0 }),
  };
}

/** The plugin adds the workspace's volume to each container, and its address and key to the first. */
function agentPod(
  runtime: Runtime,
  connection: string,
  containers: Container[],
  volumes: k8s.types.input.core.v1.Volume[],
): k8s.types.input.core.v1.Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { labels: { [agentLabel]: runtime } },
    spec: {
      serviceAccountName: agentsAccount,
      ...withoutApiAccess,
      restartPolicy: "Never",
      // What waits in a container is no shell and takes no signal.
      terminationGracePeriodSeconds: 10,
      securityContext: ownsVolumes(user),
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
    // The image's own user, often root, has another home.
    env: [{ name: "HOME", value: workspace }],
    resources,
    securityContext: containerSecurityContext,
  };
}

/** Builds with the daemon, whose namespace alone may do what building needs; scans; pushes. */
function imageContainers(client: string, imageMirror: string | undefined): Container[] {
  const build = container("build", client, toolSize);
  return [
    {
      ...build,
      env: [
        { name: "HOME", value: workspace },
        { name: "BUILDKIT_HOST", value: builderAddress },
        { name: "DOCKER_CONFIG", value: "/run/secrets/registry" },
      ],
      volumeMounts: [{ name: "registry", mountPath: "/run/secrets/registry", readOnly: true }],
    },
    container("scan", imageReference(images.trivy, imageMirror), toolSize),
  ];
}

/** Runs this repository's commands. Only pipelines whose text is this repository's ask for it. */
function platformContainer(image: string): Container {
  return {
    ...container("build", image, buildSize),
    envFrom: [{ secretRef: { name: releaseSecret, optional: true } }],
    volumeMounts: [{ name: "release", mountPath: secrets, readOnly: true }],
  };
}

function size(cpu: string, memory: string, maxCpu: string, maxMemory: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: maxCpu, memory: maxMemory } };
}
