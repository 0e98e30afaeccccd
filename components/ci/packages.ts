import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ArtifactsConfig } from "../../config";
import type { BuildTool } from "../../versions/app-runtimes";
import type { Part } from "../shared/context";
import { secret } from "../shared/secret";

/** The stack's package repositories. */
export interface Packages {
  /** URL of the server, without a final slash. */
  url: string;
  repositories: ArtifactsConfig["repositories"];
  /** Account of builds. */
  login: { username: string; password: pulumi.Input<string> };
}

/** Secret in the agents' namespace with the settings of all package managers. */
export const packagesSecret = "build-packages";

/** The volume of {@link packagesSecret}. */
export const packagesVolume: k8s.types.input.core.v1.Volume = {
  name: "packages",
  secret: { secretName: packagesSecret },
};

const folder = "/run/secrets/packages";

/** Variables that point each tool to its settings. The stack's repositories have no format for Composer packages. */
const variables: Record<BuildTool, Record<string, string>> = {
  // Maven 3.9 puts these before its command line arguments.
  maven: { MAVEN_ARGS: `--settings ${folder}/settings.xml` },
  node: { NPM_CONFIG_USERCONFIG: `${folder}/.npmrc` },
  python: { PIP_CONFIG_FILE: `${folder}/pip.conf` },
  php: {},
};

/** Returns a build container whose package manager uses the stack's repositories. */
export function withPackages(
  container: k8s.types.input.core.v1.Container,
  tool: BuildTool,
): k8s.types.input.core.v1.Container {
  const env = Object.entries(variables[tool]).map(([name, value]) => ({ name, value }));
  if (env.length === 0) return container;
  return {
    ...container,
    env: [...((container.env ?? []) as k8s.types.input.core.v1.EnvVar[]), ...env],
    volumeMounts: [{ name: packagesVolume.name, mountPath: folder, readOnly: true }],
  };
}

/** Declares the Secret with the settings of the package managers. */
export function packageSettings(part: Part, packages: Packages): void {
  const password = pulumi.output(packages.login.password);
  const file = (content: (login: Login) => string) =>
    pulumi.secret(
      password.apply((text) => content({ username: packages.login.username, password: text })),
    );
  secret(part, packagesSecret, {
    data: {
      "settings.xml": file((login) => mavenSettings(packages, login)),
      ".npmrc": file((login) => npmSettings(packages, login)),
      "pip.conf": file((login) => pipSettings(packages, login)),
    },
  });
}

interface Login {
  username: string;
  password: string;
}

type Source = Pick<Packages, "url" | "repositories">;

/** Returns the URL of the repository for a format: the group if there is one, otherwise the proxy. */
export function sourceOf(
  { url, repositories }: Source,
  format: "maven2" | "npm" | "pypi",
): string | undefined {
  const ofFormat = Object.entries(repositories).filter(([, entry]) => entry.format === format);
  const [name] =
    ofFormat.find(([, { type }]) => type === "group") ??
    ofFormat.find(([, { type }]) => type === "proxy") ??
    [];
  return name === undefined ? undefined : `${url}/repository/${name}/`;
}

/** Settings of Maven: a mirror of all repositories, and the login for deployments to a hosted one. */
export function mavenSettings(source: Source, { username, password }: Login): string {
  const mirror = sourceOf(source, "maven2");
  const hosted = Object.entries(source.repositories)
    .filter(([, { format, type }]) => format === "maven2" && type === "hosted")
    .map(([name]) => name);
  const server = (id: string) =>
    `    <server><id>${id}</id><username>${xml(username)}</username><password>${xml(password)}</password></server>`;
  return [
    "<settings>",
    ...(mirror === undefined
      ? []
      : [
          "  <mirrors>",
          `    <mirror><id>platform</id><mirrorOf>*</mirrorOf><url>${xml(mirror)}</url></mirror>`,
          "  </mirrors>",
        ]),
    "  <servers>",
    ...["platform", ...hosted].map(server),
    "  </servers>",
    "</settings>",
    "",
  ].join("\n");
}

/** Settings of npm: the registry, and a login for this registry only. */
export function npmSettings(source: Source, { username, password }: Login): string {
  const registry = sourceOf(source, "npm");
  if (registry === undefined) return "";
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const host = registry.replace(/^https?:/, "");
  return [`registry=${registry}`, `${host}:_auth=${auth}`, ""].join("\n");
}

/** Settings of pip: the index. Its URL contains the login, because this file has no other place for it. */
export function pipSettings(source: Source, { username, password }: Login): string {
  const index = sourceOf(source, "pypi");
  if (index === undefined) return "";
  const address = new URL(`${index}simple`);
  const trusted = address.protocol === "http:" ? [`trusted-host = ${address.hostname}`] : [];
  address.username = username;
  address.password = password;
  return ["[global]", `index-url = ${address.toString()}`, ...trusted, ""].join("\n");
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
