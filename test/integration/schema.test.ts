import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { binary } from "../../local/toolchain/install";
import { run } from "../../local/toolchain/run";
import { AccountRights } from "../support/account-rights";
import { definitionsServed, failureOf, kubectl, renderInto } from "../support/rendered";
import { writeSchemas } from "../support/schemas";
import { stackNames } from "../support/stacks";
import { untilEqual } from "../support/until";

/** Kinds that others depend on. */
const first = /^cluster\.(namespace|customresourcedefinition)\./;

/** Kinds that grant rights to accounts. */
const roles = /\.(clusterrole|clusterrolebinding|role|rolebinding)\./;

/** Time after which the API server judges by changed roles and bindings, seconds: it learns of them by watches. */
const inForce = 30;

const route = (rules: object[]) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "x" },
  spec: { rules },
});
const claim = (storage: string | number) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "x" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
});
const service = (port: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "x", ...metadata },
  spec: { ports: [port] },
});

/** Correct objects, and errors with their messages. */
const right = [
  claim("1.5Gi"),
  claim(1024),
  service({ port: 80, targetPort: 8080 }),
  service({ port: 80, targetPort: "http" }),
  route([{ backendRefs: [{ name: "x", port: 80 }] }]),
];
const mistakes: [title: string, object: object, said: RegExp][] = [
  ["a field that there is not", service({ port: 80, prot: "TCP" }), /'prot' not allowed/],
  ["one in the metadata", service({ port: 80 }, { label: {} }), /'label' not allowed/],
  ["a value of another type", service({ port: "80" }), /got string, want integer/],
  ["a field that is missing", service({ targetPort: 80 }), /missing property 'port'/],
  ["a quantity in no unit", claim("10GB"), /10GB/],
  ["a custom kind's own mistake", route([{ backendRef: [] }]), /'backendRef' not allowed/],
  ["one in a custom kind's item", route([{ backendRefs: [{ port: 80 }] }]), /'name'/],
  [
    "a version that is not served any more",
    { apiVersion: "policy/v1beta1", kind: "PodDisruptionBudget", metadata: { name: "x" } },
    /could not find schema/,
  ],
];

describe("every rendered object", () => {
  const folder = mkdtempSync(join(tmpdir(), "schema-"));
  const rendered = (stack: string) => join(folder, stack);
  before(async () => {
    for (const stack of stackNames) await renderInto(rendered(stack), stack);
  });
  after(() => rmSync(folder, { recursive: true }));

  describe("against the schemas of Kubernetes and of the pinned definitions", () => {
    let location: string;
    before(async () => {
      location = await writeSchemas(join(folder, "schemas"));
    });

    const kubeconform = (...args: string[]) =>
      run(binary("kubeconform"), ["-strict", "-summary", "-schema-location", location, ...args]);

    function written(name: string, object: object): string {
      const file = join(folder, `${name.replaceAll(" ", "-")}.yaml`);
      writeFileSync(file, stringify(object));
      return file;
    }

    for (const stack of stackNames) {
      it(`matches its kind's schema in stack ${stack}`, async () => {
        const summary = await kubeconform(rendered(stack));
        const count = readdirSync(rendered(stack)).length;
        assert.ok(count > 100);
        assert.match(
          summary,
          new RegExp(`${count} resources? found .*Valid: ${count}, Invalid: 0`),
        );
      });
    }

    it("would be detected if wrong: these are valid", async () => {
      const files = right.map((object, index) => written(`right-${index}`, object));
      assert.match(await kubeconform(...files), /Invalid: 0, Errors: 0, Skipped: 0/);
    });

    for (const [title, object, said] of mistakes) {
      it(`would be detected: ${title}`, async () => {
        assert.match(await failureOf(kubeconform(written(title, object))), said);
      });
    }
  });

  describe("in a dry run of a real API server with strict validation", () => {
    let cluster: Cluster;
    before(async () => {
      cluster = await startCluster({ name: "schema", simulate: false, keda: true });
    });
    after(() => stopCluster("schema"));

    const apply = (...args: string[]) =>
      kubectl(
        cluster,
        ...["apply", "--server-side", "--validate=strict", "--warnings-as-errors"],
        ...args,
      );

    /** Contents of the files that others depend on. */
    const applied = new Set<string>();
    for (const stack of stackNames) {
      it(`is accepted without an error or a warning in stack ${stack}`, async () => {
        const files = readdirSync(rendered(stack));
        const earlier = files
          .filter((name) => first.test(name))
          .map((name) => join(rendered(stack), name))
          // Both stacks have most definitions; they are not read a second time.
          .filter((path) => !applied.has(readFileSync(path, "utf8")));
        await apply(...earlier.flatMap((path) => ["-f", path]));
        for (const path of earlier) applied.add(readFileSync(path, "utf8"));
        await definitionsServed(cluster);
        const output = await apply("--dry-run=server", "-f", rendered(stack));
        assert.equal(output.trim().split("\n").length, files.length);
      });
    }

    for (const stack of stackNames) {
      it(`gives the accounts of stack ${stack} the rights that their processes use`, async () => {
        const files = readdirSync(rendered(stack));
        const path = (file: string) => join(rendered(stack), file);
        await apply(...files.filter((name) => roles.test(name)).flatMap((it) => ["-f", path(it)]));
        const accounts = files
          .filter((name) => /\.serviceaccount\./.test(name))
          .map((name) => name.replace(/^.*\.serviceaccount\.|\.yaml$/g, ""));
        assert.ok(accounts.length > 5);
        const rights = new AccountRights(cluster.kubeconfig);
        const missing = async () =>
          (await Promise.all(accounts.map((account) => rights.findMissing(account)))).flat();
        await untilEqual(inForce, missing, []);
      });
    }

    it("would be detected: an account without a right that its process uses", async () => {
      const name = "otel-agent";
      await kubectl(cluster, "delete", "clusterrolebinding", name);
      const rights = new AccountRights(cluster.kubeconfig);
      const missing = [`${name} may not list pods`, `${name} may not watch pods`];
      await untilEqual(inForce, () => rights.findMissing(name), missing);
    });

    it("would be detected: an unknown field", async () => {
      const file = join(folder, "mistake.yaml");
      writeFileSync(file, stringify(service({ port: 80, prot: "TCP" })));
      assert.match(await failureOf(apply("--dry-run=server", "-f", file)), /prot/);
    });
  });
});
