import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import * as nodeModule from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";
import { graph } from "../../support/imports";

/** Node.js has it from 22.1 on. */
const { enableCompileCache } = nodeModule as { enableCompileCache?: unknown };

describe("the program as one bundled file", () => {
  let folder = "";
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  const run = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).trim();
  const program = (script: string) => run("--require", "./bin/program.cjs", "-e", script);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bundle-"));
    cpSync(join(checkout, "bin"), join(folder, "bin"), { recursive: true });
    mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
    for (const name of ["esbuild", "@esbuild", "source-map-support", "@pulumi/pulumi"]) {
      symlinkSync(join(checkout, "node_modules", name), join(folder, "node_modules", name));
    }
    write("package.json", "{}");
    write("package-lock.json", "{}");
    mkdirSync(join(folder, "part", "of"), { recursive: true });
    write("part/of/it.ts", "export const where: string = __dirname;\nexport const one = 1;\n");
    write("index.ts", 'import { where, one } from "./part/of/it";\nexport = { where, one };\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const show = 'console.log(JSON.stringify(require("./index.ts")))';

  it("is bundled again if a file changes, is added or is removed", () => {
    program(show);
    write("part/of/it.ts", 'export const where = "";\nexport const one = 2;\n');
    assert.match(program(show), /"one":2/);
    // `./it.ts` is found before `./it/index.ts`.
    mkdirSync(join(folder, "part", "it"));
    write("part/it/index.ts", 'export const where = "";\nexport const one = 3;\n');
    write("index.ts", 'import { where, one } from "./part/it";\nexport = { where, one };\n');
    assert.match(program(show), /"one":3/);
    write("part/it.ts", 'export const where = "";\nexport const one = 4;\n');
    assert.match(program(show), /"one":4/);
    rmSync(join(folder, "part", "it.ts"));
    assert.match(program(show), /"one":3/);
  });

  it("shows the lines of the TypeScript files in a stack trace", () => {
    write(
      "part/of/it.ts",
      "\n\nexport const where: string = new Error().stack!;\nexport const one = 1;\n",
    );
    const [bundled, alone] = [
      program('console.log(require("./index.ts").where)'),
      run("--require", "./bin/typescript.cjs", "-e", 'console.log(require("./index.ts").where)'),
    ];
    const line = `(${join(folder, "part", "of", "it.ts")}:3:`;
    for (const trace of [bundled, alone]) assert.ok(trace.includes(line), trace);
  });

  it("names the file and line of a syntax error", () => {
    write("part/of/it.ts", "export const where = ;\n");
    const args = ["--require", "./bin/program.cjs", "-e", show];
    const { stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /index\.ts cannot be bundled:\npart\/of\/it\.ts:1: Unexpected ";"/);
  });

  it("is not made from a file that runs by itself, and would therefore run instead of the bundle", () => {
    write("part/of/it.ts", "if (require.main === module) console.log();\n");
    const args = ["--require", "./bin/program.cjs", "-e", show];
    const { stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.match(stderr, /part\/of\/it\.ts:\d: expected no require\.main/);
    const own = /^(bench|ci|cli|cluster|components|config|engine|local|policy|program|provision)\//;
    const imported = [...graph].flatMap(([file, imports]) => (own.test(file) ? imports : []));
    const run = imported.filter((file) => /require\.main/.test(readFileSync(file, "utf8")));
    assert.deepEqual(run, []);
  });

  it("gives each file its own __dirname, and its own section of the source map, so that a stack trace needs only some", () => {
    assert.deepEqual(JSON.parse(program(show)), { where: join(folder, "part", "of"), one: 1 });
    const folderOfBundle = join(folder, "node_modules", ".cache", "typescript");
    const [map = ""] = readdirSync(folderOfBundle).filter((name) => name.endsWith(".js.map"));
    const { sections } = JSON.parse(readFileSync(join(folderOfBundle, map), "utf8")) as {
      sections: { map: { sources: string[] } }[];
    };
    const sources = sections.map((section) =>
      section.map.sources.map((source) => basename(source)),
    );
    assert.deepEqual(sources, [["it.ts"], ["index.ts"]]);
  });

  it("does not map the lines of packages, whose source maps name files that they do not contain", () => {
    const line = program(
      'try { new (require("@pulumi/pulumi").Config)("a").require("b"); } catch (error) { console.log(error.stack); }',
    );
    assert.match(line, /pulumi\/config\.js:\d+/);
  });

  it("is compiled once, and again after a change or damage", function () {
    // Later versions of Node.js keep compiled code themselves.
    if (enableCompileCache !== undefined) return this.skip();
    const caches = join(folder, "node_modules", ".cache", "typescript");
    const kept = () => readdirSync(caches).filter((name) => name.startsWith("code-"));
    const written = () => statSync(join(caches, kept()[0] ?? "")).mtimeMs;
    program(show);
    const first = written();
    program(show);
    assert.deepEqual([kept().length, written()], [1, first]);
    write("part/of/it.ts", 'export const where = "";\nexport const one = 2;\n');
    assert.match(program(show), /"one":2/);
    const second = written();
    assert.notEqual(second, first);
    for (const damaged of [Buffer.alloc(0), Buffer.alloc(5_000)]) {
      writeFileSync(join(caches, kept()[0] ?? ""), damaged);
      assert.match(program(show), /"one":2/);
      const repaired = written();
      program(show);
      assert.equal(written(), repaired);
    }
  });

  it("imports modules dynamically, also when it was compiled before", () => {
    const later = join("node_modules", "later");
    mkdirSync(join(folder, later));
    const code = 'import("./module.mjs").then(({ one }) => console.log(one), console.error);\n';
    write(join(later, "index.js"), code);
    write(join(later, "module.mjs"), "export const one = 1;\n");
    write("index.ts", 'import "later";\n');
    for (const time of ["first", "second"]) {
      assert.equal(run("bin/bundle.cjs", "index.ts"), "1", `at the ${time} start`);
    }
  });

  it("is optimized after some seconds in a process that starts without optimization", () => {
    write(
      "timers.cjs",
      "globalThis.timers = []; globalThis.setTimeout = (run, ms) => (timers.push({ run, ms }), { unref() {} });",
    );
    const flags = ["--no-opt", "--require", "./timers.cjs", "--require", "./bin/program.cjs"];
    const sum = "let n = 0; for (let i = 0; i < 1000; i++) n = (n + i * 7) | 0; return n;";
    const script = `const sum = new Function(${JSON.stringify(sum)});
      const isOptimized = () => { for (let i = 0; i < 5000; i++) sum(); return (%GetOptimizationStatus(sum) & 16) > 0; };
      const end = Date.now() + 10_000;
      // V8 compiles on another thread, and takes its result between two turns.
      const look = () => isOptimized() || Date.now() > end ? console.log(isOptimized()) : setImmediate(look);
      for (const { run, ms } of timers) { console.log(ms); run(); }
      look();`;
    const printed = run("--allow-natives-syntax", ...flags, "-e", script);
    assert.equal(printed, "5000\ntrue");
    assert.equal(
      run("--require", "./timers.cjs", ...flags.slice(3), "-e", "console.log(timers)"),
      "[]",
    );
  });

  it("runs a command with its arguments", () => {
    write("command.ts", "console.log(process.argv.slice(2).join());\n");
    assert.equal(run("bin/bundle.cjs", "command.ts", "a", "--b"), "a,--b");
  });
});

describe("modules of the SDK that the program does not use", () => {
  const run = (script: string) => {
    const args = ["--require", "./bin/program.cjs", "-e", script];
    return execFileSync(process.execPath, args, { cwd: checkout, encoding: "utf8" }).trim();
  };

  it("are not loaded with the program", () => {
    const loaded = run(
      `require("@pulumi/pulumi/cmd/run/tracing"); require("./index.ts");
       console.log(Object.values(require.cache).filter((each) => each.children.length > 0 || each.parent).map((each) => each.filename).join("\\n"));`,
    );
    const packages = [
      "typescript/lib",
      "@npmcli/arborist",
      "@opentelemetry/exporter-zipkin",
      "js-yaml",
      "@pulumi/pulumi/automation",
      "@pulumi/pulumi/dynamic",
      "@pulumi/pulumi/provider",
      "@pulumi/pulumi/runtime/closure",
      "@pulumi/kubernetes/helm",
      "@pulumi/kubernetes/kustomize",
      "@pulumi/kubernetes/yaml",
      "@pulumi/kubernetes/certificates",
      "semver",
    ];
    for (const name of packages) assert.doesNotMatch(loaded, new RegExp(`node_modules/${name}/`));
  });

  it("start no debugger before the program, and are loaded at their first use", () => {
    const text = run(
      `require("@pulumi/pulumi/runtime/closure/v8Hooks").isInitializedAsync().then(() => {
         try { new Function("return %GetUndetectable()"); console.log("started"); } catch { console.log("not started"); }
         const { runtime } = require("@pulumi/pulumi");
         const { computeCodePaths } = runtime;
         runtime.serializeFunction(() => 42).then(({ text }) => console.log(text));
         if (typeof computeCodePaths !== "function") throw new Error("not there");
       });`,
    );
    assert.match(text, /^not started\n[^]*return \(\) => 42/);
  });

  it("have the same exports as without a stand-in, also those of the Kubernetes API", () => {
    const script = `const [pulumi, k8s] = [require("@pulumi/pulumi"), require("@pulumi/kubernetes")];
      const { SemVer } = require("module").createRequire(require.resolve("@pulumi/pulumi"))("semver");
      console.log([
        pulumi.automation.LocalWorkspace, pulumi.dynamic.Resource, pulumi.provider.main, SemVer,
        k8s.Provider, k8s.apps.v1.Deployment, k8s.core.v1.Service, k8s.helm.v3.Chart, k8s.yaml.ConfigFile,
        k8s.kustomize.Directory, k8s.certificates.v1.CertificateSigningRequest, k8s.types.enums.core.v1.ServiceSpecType,
      ].map((each) => each.name ?? each.ClusterIP).join(), Object.keys(k8s.apps).join());`;
    const options = { cwd: checkout, encoding: "utf8" } as const;
    assert.equal(run(script), execFileSync(process.execPath, ["-e", script], options).trim());
  });
});
