import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Part } from "../shared/context";
import { secret, type DeclaredSecret } from "../shared/secret";
import type { Login } from "./casc-settings";
import { pushSecret } from "./agents";

/** Account that can push images. */
export interface RegistryLogin {
  username: pulumi.Input<string>;
  password: pulumi.Input<string>;
}

const name = "jenkins";

/**
 * Declares the Secret with the random passwords and tokens of Jenkins. Its two local users are `admin` and `trigger`.
 * With OpenID Connect, users choose their own names, and a user with one of these names would get its rights; both
 * names then end with a random suffix.
 */
export function jenkinsSecret(part: Part, login: Login): DeclaredSecret {
  const { parent } = part;
  const password = (purpose: string) =>
    new random.RandomPassword(`${name}-${purpose}`, { length: 32, special: false }, { parent })
      .result;
  const user = (base: string) =>
    login.type === "local" ? base : pulumi.interpolate`${base}-${userSuffix(base, parent)}`;
  return secret(part, name, {
    data: {
      "admin-user": user("admin"),
      "trigger-user": user("trigger"),
      "admin-password": password("admin"),
      "trigger-password": password("trigger"),
      "trigger-token": apiToken(parent),
      "reload-token": password("reload"),
    },
  });
}

function userSuffix(base: string, parent: pulumi.Resource): pulumi.Output<string> {
  return new random.RandomPassword(
    `${name}-${base}-user`,
    { length: 12, special: false, upper: false },
    { parent },
  ).result;
}

/** Jenkins accepts only tokens of its own format: `11` (the version) and 32 hexadecimal digits. */
function apiToken(parent: pulumi.Resource): pulumi.Output<string> {
  const { result } = new random.RandomPassword(
    `${name}-trigger-token`,
    { length: 32, lower: false, upper: false, overrideSpecial: "abcdef" },
    { parent },
  );
  return pulumi.secret(pulumi.interpolate`11${result}`);
}

/** Declares the Secret with which agents push images. */
export function registrySecret(
  part: Part,
  { address, login }: { address: string; login: RegistryLogin },
): void {
  const content = pulumi.output(login).apply(({ username, password }) => {
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    return JSON.stringify({ auths: { [address]: { username, password, auth } } });
  });
  secret(part, pushSecret, {
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": content },
  });
}

/** Returns projected volume sources for every secret that the settings refer to. */
export function secretFiles(
  own: pulumi.Input<string>,
  { login, git }: { login: Login; git?: string },
): k8s.types.input.core.v1.VolumeProjection[] {
  const keys = [
    ...["admin-user", "trigger-user"],
    ...["admin-password", "trigger-password", "trigger-token"],
  ];
  return [
    { secret: { name: own, items: keys.map((key) => ({ key, path: key })) } },
    ...(login.type === "oidc"
      ? [
          {
            secret: {
              name: login.secret,
              items: [{ key: "client-secret", path: "oidc-client-secret" }],
            },
          },
        ]
      : []),
    ...(git === undefined
      ? []
      : [
          {
            secret: {
              name: git,
              items: [
                { key: "username", path: "git-username" },
                { key: "password", path: "git-password" },
              ],
            },
          },
        ]),
  ];
}
