import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { errorsIn } from "./errors-of";

const digest = `sha256:${"0".repeat(64)}`;
const chart = {
  repository: "https://charts.example.com",
  chart: "redis",
  version: "1.2.3",
  digest,
};
const teams = { tenancy: { teams: { commerce: {} } } };

function errorsOf(components: object): string[] {
  return errorsIn(() =>
    parseStack("dev", {
      environment: "dev",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      components,
    }),
  );
}

describe("charts and manifests in the config", () => {
  it("are accepted with a pinned package, a folder, a team or their own namespace", () => {
    const errors = errorsOf({
      ...teams,
      charts: {
        cache: { ...chart, team: "commerce", values: { replicas: 2 } },
        notes: { chart: "examples/charts/notes", network: { ingress: [{ ports: [80] }] } },
        queue: { ...chart, repository: "oci://registry.example.com:5000/charts" },
      },
      manifests: {
        limits: { folder: "examples/manifests/limits", namespace: "further", formerly: "quotas" },
        others: { folder: "examples/manifests/limits", team: "commerce", formerly: "other" },
      },
    });
    assert.deepEqual(errors, []);
  });

  const wrong: [title: string, components: object, error: RegExp][] = [
    [
      "a package without a version",
      { charts: { cache: { ...chart, version: undefined } } },
      /^platform:components\.charts\.cache\.version: expected one version next to repository, got nothing$/,
    ],
    [
      "a range of versions",
      { charts: { cache: { ...chart, version: "^1.2" } } },
      /^platform:components\.charts\.cache\.version: expected one version such as 1\.4\.2, not a range/,
    ],
    [
      "a package without a digest",
      { charts: { cache: { ...chart, digest: undefined } } },
      /^platform:components\.charts\.cache\.digest: expected the digest of the package .*, got nothing; npx platform charts digest <repository> <chart> <version> prints it$/,
    ],
    [
      "a folder with a version",
      { charts: { notes: { chart: "examples/charts/notes", version: "1.0.0" } } },
      /^platform:components\.charts\.notes\.version: expected none without repository, got "1\.0\.0"/,
    ],
    [
      "a repository without encryption",
      { charts: { cache: { ...chart, repository: "http://charts.example.com" } } },
      /^platform:components\.charts\.cache\.repository: expected a repository such as https:/,
    ],
    [
      "a repository with a password",
      { charts: { cache: { ...chart, repository: "https://me:word@charts.example.com" } } },
      /^platform:components\.charts\.cache\.repository: expected .*, got "https:\/\/…@charts/,
    ],
    [
      "a path that leads out of the project",
      { manifests: { limits: { folder: "a/../../b" } } },
      /^platform:components\.manifests\.limits\.folder: expected a path without \. and \.\./,
    ],
    [
      "an encrypted value",
      { charts: { cache: { ...chart, values: { auth: { password: { secure: "v1:abc" } } } } } },
      /^platform:components\.charts\.cache\.values: expected no encrypted value, got one; .* name a Secret/,
    ],
    [
      "a team that there is not",
      { ...teams, charts: { cache: { ...chart, team: "content" } } },
      /^platform:components\.charts\.cache\.team: expected a team of .* \(commerce\), got "content"$/,
    ],
    [
      "a namespace next to a team",
      { ...teams, charts: { cache: { ...chart, team: "commerce", namespace: "cache" } } },
      /^platform:components\.charts\.cache\.namespace: expected nothing next to team, got "cache"/,
    ],
    [
      "a namespace of the platform",
      { charts: { monitoring: chart } },
      /^platform:components\.charts\.monitoring\.namespace: expected a namespace that nothing else uses, got "monitoring", which platform:components\.monitoring uses$/,
    ],
    [
      "a namespace of a team",
      { ...teams, manifests: { limits: { folder: "limits", namespace: "commerce-dev" } } },
      /^platform:components\.manifests\.limits\.namespace: expected .*, got "commerce-dev", which platform:components\.tenancy\.teams\.commerce uses$/,
    ],
    [
      "a namespace of Kubernetes",
      { charts: { cache: { ...chart, namespace: "kube-system" } } },
      /^platform:components\.charts\.cache\.namespace: .*, which Kubernetes itself uses$/,
    ],
    [
      "a name of a chart and of manifests",
      { charts: { notes: chart }, manifests: { notes: { folder: "notes", namespace: "other" } } },
      /^platform:components\.manifests\.notes: expected a name of a chart or of manifests that nothing else uses, got "notes", which platform:components\.charts\.notes uses$/,
    ],
    [
      "a former name that another entry has",
      {
        ...teams,
        charts: { notes: { ...chart, team: "commerce" } },
        manifests: { others: { folder: "notes", team: "commerce", formerly: "notes" } },
      },
      /^platform:components\.manifests\.others\.formerly: expected a name of a chart or of manifests that nothing else uses, got "notes", which platform:components\.charts\.notes uses$/,
    ],
    [
      "a former name that is the present one",
      { ...teams, charts: { cache: { ...chart, team: "commerce", formerly: "cache" } } },
      /^platform:components\.charts\.cache\.formerly: expected .*, got "cache", which platform:components\.charts\.cache uses$/,
    ],
    [
      "a former name of two entries",
      {
        ...teams,
        charts: {
          one: { ...chart, team: "commerce", formerly: "cache" },
          two: { ...chart, team: "commerce", formerly: "cache" },
        },
      },
      /^platform:components\.charts\.two\.formerly: expected .*, got "cache", which platform:components\.charts\.one\.formerly uses$/,
    ],
    [
      "a former name without the former namespace",
      { charts: { cache: { ...chart, formerly: "store" } } },
      /^platform:components\.charts\.cache\.namespace: expected a namespace next to formerly, got nothing; without it, the objects move to another namespace; by default, the former one is store$/,
    ],
  ];
  for (const [title, components, error] of wrong) {
    it(`are refused: ${title}`, () => {
      const errors = errorsOf(components);
      assert.equal(errors.length, 1, errors.join("\n"));
      assert.match(errors[0] ?? "", error);
    });
  }
});
