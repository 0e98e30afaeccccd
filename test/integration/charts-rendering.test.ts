import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchDigest } from "../../cli/charts/package";
import { renderPackage } from "../../cli/charts/render";
import { parseStack } from "../../config";
import { localFolder } from "../../local/toolchain/paths";
import { packageEntries, type PackageEntry } from "../../program/charts/entries";
import { serveChart, writeChart, type ChartRepository } from "../support/chart-repository";

/** Folder in the project that only this test writes to. */
const scratch = "out/charts-rendering";

/** The only chart, or manifests, of a stack. */
function brought(kind: "charts" | "manifests", fields: object): PackageEntry {
  const [found] = packageEntries(
    "test",
    parseStack("test", {
      environment: "dev",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      components: { [kind]: { tried: fields } },
    }),
  );
  assert.ok(found);
  return found;
}

const chart = (fields: object) => renderPackage(brought("charts", fields));
const local = (values: object, fields: object = {}) =>
  chart({ chart: "examples/charts/notes", values, ...fields });
const kinds = (objects: unknown[]) => objects.map((it) => (it as { kind: string }).kind).sort();

describe("charts and kustomizations, rendered by the real Helm and kustomize", () => {
  let repository: ChartRepository;
  const { SSL_CERT_FILE: former } = process.env;
  const kept = () => join(localFolder, "charts", `${repository.digest.replace("sha256:", "")}.tgz`);
  before(async () => {
    repository = await serveChart("examples/charts/notes");
    process.env.SSL_CERT_FILE = repository.certificate;
  });
  after(() => {
    if (former === undefined) delete process.env.SSL_CERT_FILE;
    else process.env.SSL_CERT_FILE = former;
    rmSync(kept(), { force: true });
    repository.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  it("take values from files, overridden by those in the config", async () => {
    mkdirSync(scratch, { recursive: true });
    const files = ["one", "other"].map((name) => `${scratch}/${name}.yaml`);
    writeFileSync(files[0] ?? "", "title: One\nreplicas: 3\n");
    writeFileSync(files[1] ?? "", "title: Other\n");
    const { objects } = await local({ replicas: 4 }, { valuesFiles: files });
    const text = JSON.stringify(objects);
    assert.match(text, /<title>Other</);
    assert.match(text, /"replicas":4/);
  });

  it("are fetched from a repository once, by version and digest", async () => {
    const { https, digest, requests } = repository;
    rmSync(kept(), { force: true });
    const fields = { repository: https, chart: "notes", version: "0.3.0", digest };
    const { objects } = await chart(fields);
    assert.deepEqual(kinds(objects), ["ConfigMap", "Deployment", "PodDisruptionBudget", "Service"]);
    const fetched = requests.length;
    assert.ok(fetched > 0);
    await chart(fields);
    assert.equal(requests.length, fetched, "it was fetched again");
  });

  it("are fetched from a registry, which can be asked for the digest", async () => {
    const { oci, digest } = repository;
    rmSync(kept(), { force: true });
    const source = { repository: oci, chart: "notes", version: "0.3.0" };
    assert.equal(await fetchDigest(source, process.env), digest);
    assert.equal((await chart({ ...source, digest })).objects.length, 4);
  });

  it("are refused with another digest or version, or if the repository does not exist", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const fields = { repository: repository.oci, chart: "notes", version: "0.3.0", digest };
    await assert.rejects(
      chart(fields),
      /expected a package with the digest sha256:0{64}, got sha256:\w{64}; the package is not used/,
    );
    await assert.rejects(
      chart({ ...fields, version: "0.4.0" }),
      /expected chart notes 0\.4\.0 in oci:/,
    );
    await assert.rejects(
      chart({ ...fields, repository: "https://127.0.0.1:1" }),
      /expected chart notes 0\.3\.0 in https:.*connection refused/s,
    );
  });

  it("are refused with values that the chart does not know", async () => {
    await assert.rejects(
      local({ replica: 2 }),
      /expected a source that helm can render, got .*replica/s,
    );
  });

  it("are refused with hooks, unless the config skips them", async () => {
    await assert.rejects(
      local({ migrate: true }),
      /without hooks, .* got Job tried-migrate \(pre-install, pre-upgrade\); disable them/,
    );
    const { objects, notes } = await local({ migrate: true }, { hooks: "skip" });
    assert.deepEqual(notes, ["left out: Job tried-migrate (pre-install, pre-upgrade), a hook"]);
    assert.ok(!kinds(objects).includes("Job") && !kinds(objects).includes("Pod"));
  });

  it("are refused if each rendering differs", async () => {
    writeChart(join(scratch, "random"), {
      "a.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\ndata: {a: {{ randAlphaNum 20 }}}\n",
    });
    await assert.rejects(
      chart({ chart: `${scratch}/random` }),
      /expected the same objects each time, got a difference between two renderings: ConfigMap made/,
    );
  });

  it("are refused if a kustomization accesses files outside its folder, or the network", async () => {
    const folder = `${scratch}/kustomization`;
    mkdirSync(join(folder, "overlay"), { recursive: true });
    const tried = (line: string) => {
      writeFileSync(join(folder, "overlay/kustomization.yaml"), line);
      return renderPackage(brought("manifests", { folder, kustomization: "overlay" }));
    };
    await assert.rejects(
      tried("resources: [../../../../examples/manifests/limits]"),
      /that kustomize can render/,
    );
    await assert.rejects(
      tried("resources:\n  - https://example.com/a.yaml\n"),
      /only files of .*, got https:/,
    );
    await assert.rejects(tried("helmCharts:\n  - name: a\n"), /no chart in overlay\/kustomization/);
  });
});
