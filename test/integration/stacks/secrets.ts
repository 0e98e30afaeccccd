import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Cluster } from "../../../local/cluster";
import { succeeded, TestStack } from "../../support/project";
import { assertShown } from "../../support/shown";
import { TransitServer } from "../../support/vault";

const name = "secrets-providers";
const password = "a-password-that-must-stay-secret";
const passwordKey = "platform:components.registry.external.credentials.password";

/** By default, stacks of tests have the same key: {@link TestStack.create}. */
const ownKey = ["--secrets-provider", "passphrase"];

/** Top-level keys of a stack's file. */
interface StackText {
  config: object;
  encryptionsalt?: string;
  secretsprovider?: string;
  encryptedkey?: string;
}

/** Declares the tests of the secrets of a stack. Each continues where the one before it ended. */
export function keepsSecrets(current: () => Cluster): void {
  describe("the secrets of a stack", () => {
    let cluster: Cluster;
    let stack: TestStack;
    const vault = new TransitServer();
    before(async () => {
      cluster = current();
      const address = await vault.start();
      stack = small(name);
      Object.assign(stack.environment, { VAULT_ADDR: address, VAULT_TOKEN: vault.token });
      await stack.create(...ownKey);
      await setPassword(stack);
      succeeded(await stack.stacks("up"));
    });
    after(async () => {
      await vault.stop();
      stack?.remove();
    });

    /** Returns a stack with one secret in its file and in its state. */
    function small(own: string, neighbor?: TestStack): TestStack {
      const made = new TestStack(own, cluster, undefined, neighbor?.folder);
      made.edit((config) => {
        const { "platform:cluster": cluster_ } = config;
        for (const key of Object.keys(config)) delete config[key];
        Object.assign(config, {
          "platform:environment": "dev",
          "platform:domain": "dev.platform.test",
          "platform:cluster": cluster_,
          "platform:components": {
            tenancy: { teams: { commerce: { namespace: own } } },
            registry: { external: { address: "images.test", credentials: { username: "robot" } } },
          },
          "platform:apps": {},
        });
      });
      return made;
    }

    async function setPassword(own: TestStack): Promise<void> {
      const target = ["--stack", own.name, "--secret", "--path", passwordKey, password];
      succeeded(await own.engine("config", "set", ...target));
    }

    function file(own = stack): StackText {
      return parse(readFileSync(own.configFile, "utf8")) as StackText;
    }

    /** Returns the stored state. */
    function state(own = stack): string {
      return readFileSync(
        join(own.folder, `state/.pulumi/stacks/platform/${own.name}.json`),
        "utf8",
      );
    }

    async function changeKey(): Promise<void> {
      const change = ["stack", "change-secrets-provider", "hashivault://platform"];
      succeeded(await stack.engine(...change, "--stack", name));
    }

    const commands = {
      update: () => stack.stacks("up"),
      preview: () => stack.platform("preview"),
      plan: () => stack.platform("up", "--plan-hash", "0".repeat(64)),
    };

    /** Checks that commands fail with a clear error, and a line that says what to do. Returns their outputs. */
    async function refuse(verbs: (keyof typeof commands)[], ...texts: RegExp[]): Promise<string[]> {
      const outputs: string[] = [];
      const before = readFileSync(stack.configFile, "utf8");
      for (const verb of verbs) {
        const { code, output } = await commands[verb]();
        assert.equal(code, 1, output);
        for (const text of texts) assert.match(output, text);
        outputs.push(output);
        assert.doesNotMatch(output, /\n +at .*:\d+:\d+/, "a stack trace");
      }
      assert.equal(readFileSync(stack.configFile, "utf8"), before);
      return outputs;
    }

    describe("under a passphrase", () => {
      it("cannot be read with another one", async () => {
        const [output = ""] = await stack.withVariables(
          { PULUMI_CONFIG_PASSPHRASE: "another" },
          () =>
            refuse(
              ["preview", "plan"],
              /incorrect passphrase/,
              /does not hold the passphrase of stack "secrets-providers"/,
            ),
        );
        const names = { "secrets-providers": "prod" };
        assertShown({ page: "docs/state.md", command: "npx platform preview prod", output, names });
      });

      it("cannot be read without one", async () => {
        await stack.withVariables({ PULUMI_CONFIG_PASSPHRASE: undefined }, () =>
          refuse(
            ["update"],
            /passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE/,
          ),
        );
      });

      it("keep their key if the file has lost its salt, because the state has it", async () => {
        const { encryptionsalt, ...rest } = file();
        writeFileSync(stack.configFile, stringify(rest));
        const { output } = await stack.stacks("preview");
        assert.match(output, /preview succeeded in [\d.]+ s: no changes/);
        assert.equal(file().encryptionsalt, encryptionsalt);
      });

      it("get no new key if the passphrase is wrong as well", async () => {
        const whole = file();
        const { encryptionsalt, ...rest } = whole;
        writeFileSync(stack.configFile, stringify(rest));
        const { code, output } = await stack.withVariables(
          { PULUMI_CONFIG_PASSPHRASE: "another" },
          () => stack.stacks("up"),
        );
        assert.equal(code, 1, output);
        assert.match(output, /incorrect passphrase/);
        assert.match(output, /does not hold the passphrase of stack "secrets-providers"/);
        assert.ok(state().includes(String(encryptionsalt)));
        writeFileSync(stack.configFile, stringify(whole));
      });

      it("are distinguished from those of another file", async () => {
        const whole = readFileSync(stack.configFile, "utf8");
        const other = small("secrets-other", stack);
        await other.create(...ownKey);
        writeFileSync(
          stack.configFile,
          stringify({ ...file(), encryptionsalt: file(other).encryptionsalt }),
        );
        await refuse(
          ["preview"],
          /message authentication failed/,
          /do not match its encryptionsalt/,
        );
        writeFileSync(stack.configFile, whole);
        rmSync(other.configFile);
      });

      it("are re-encrypted when the passphrase changes", async () => {
        const before = file();
        const change = ["stack", "change-secrets-provider", "passphrase", "--stack", name];
        const output = succeeded(await stack.engineReading("the next passphrase\n", ...change));
        const command = "pulumi stack change-secrets-provider passphrase";
        assertShown({ page: "docs/state.md", command, output });
        assert.notEqual(file().encryptionsalt, before.encryptionsalt);
        // The next test reads them with it.
        stack.environment.PULUMI_CONFIG_PASSPHRASE = "the next passphrase";
      });
    });

    describe("under a key of a key management system, here a stub of Vault's transit engine", () => {
      it("are re-encrypted with its key", async () => {
        vault.rotate("platform");
        await changeKey();
        const { encryptionsalt, secretsprovider, encryptedkey } = file();
        assert.deepEqual([encryptionsalt, secretsprovider], [undefined, "hashivault://platform"]);
        assert.match(Buffer.from(encryptedkey ?? "", "base64").toString(), /^vault:v1:/);
        delete stack.environment.PULUMI_CONFIG_PASSPHRASE;
        vault.asked.length = 0;
        assert.match(succeeded(await stack.stacks("up")), /up succeeded in [\d.]+ s: no changes/);
        assert.ok(vault.asked.some(({ operation, allowed }) => operation === "decrypt" && allowed));
        assert.doesNotMatch(state(), new RegExp(password));
      });

      it("cannot be read without a token or without the server", async () => {
        await stack.withVariables({ VAULT_TOKEN: "of-somebody-else" }, () =>
          refuse(
            ["plan"],
            /kept by a Vault, which says: permission denied; set VAULT_ADDR to its address and VAULT_TOKEN/,
          ),
        );
        await stack.withVariables({ VAULT_ADDR: "" }, () =>
          refuse(
            ["preview"],
            /neither VAULT_SERVER_URL nor VAULT_ADDR/,
            /set VAULT_ADDR to its address/,
          ),
        );
      });

      it("get a new key when one is requested, after which the former one may be deleted", async () => {
        const before = file().encryptedkey;
        vault.rotate("platform");
        await changeKey();
        assert.notEqual(file().encryptedkey, before);
        vault.forgetFormer("platform");
        // Both decrypt with it, the file's secret and the state's.
        const value = ["config", "get", "--path", passwordKey, "--stack", name];
        assert.equal(succeeded(await stack.engine(...value)).trim(), password);
        const shown = ["stack", "export", "--show-secrets", "--stack", name];
        assert.match(succeeded(await stack.engine(...shown)), /dockerconfigjson/);
      });

      it("are encrypted with it from the start if a new stack says so", async () => {
        vault.rotate("another");
        const made = small("secrets-vault", stack);
        Object.assign(made.environment, stack.environment);
        delete made.environment.PULUMI_CONFIG_PASSPHRASE;
        await made.create("--secrets-provider", "hashivault://another");
        await setPassword(made);
        const output = succeeded(await made.pulumi("up"));
        assert.match(output, /\d+ created/);
        const secret = await made.kubectl(
          ...["get", "secret", "-n", "secrets-vault", "-o", "jsonpath={.items[*].data}"],
        );
        const [, encoded = ""] = /"\.dockerconfigjson":"([^"]+)"/.exec(secret) ?? [];
        assert.ok(Buffer.from(encoded, "base64").toString().includes(password));
        assert.doesNotMatch(state(made), new RegExp(password));
      });
    });
  });
}
