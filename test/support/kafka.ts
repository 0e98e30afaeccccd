import type { ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { kafka } from "../../components/logging/kafka";
import type { KafkaArgs } from "../../components/logging/kafka-args";
import {
  clientProperties,
  kafkaHosts,
  kafkaPaths,
  kafkaPorts,
  nodesDomain,
  propertiesText,
  userProperties,
  type KafkaSecurity,
} from "../../components/logging/kafka-config";
import { checkout } from "../../local/toolchain/paths";
import { freePort } from "./backup";
import type { ScriptRun } from "./captured";
import { certificateFiles } from "./certificates";
import { at, declare, type Declared } from "./declare";
import { classArchive, shortRun, withClassArchive } from "./java";
import { programs } from "./kafka-programs";
import { ProcessGroups } from "./process-groups";
import { standIn } from "./shell";
import type { PodSpec } from "./workloads";

const heap = "-Xmx512m";

/**
 * A real Kafka with one node on this machine: the component's files and scripts, with only paths and ports replaced.
 * Its host names resolve to this machine only in the Java programs that are started here.
 */
export class KafkaNode {
  private readonly folder = mkdtempSync(join(tmpdir(), "kafka-"));
  private readonly processes = new ProcessGroups(() =>
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 }),
  );
  private server: ChildProcess | undefined;
  private output = "";
  private ports = { client: 0, controller: 0 };
  private declared: Declared | undefined;

  constructor(
    private readonly jars: string,
    private readonly args: KafkaArgs,
  ) {}

  /** Starts the node with its own script, and waits until clients can connect. */
  async start(): Promise<void> {
    this.ports = { client: await freePort(), controller: await freePort() };
    this.declared = await declare((provider) => {
      const parent = new pulumi.ComponentResource("test:Kafka", "test", {}, { provider });
      const namespace = pulumi.output("logging");
      const context = { environment: "dev" };
      kafka({ name: "logging", namespace, parent, context, policies: [], zones: false }, this.args);
    });
    await this.writeFiles(this.args.security);
    const [container] = this.pod("StatefulSet", /^kafka$/).containers;
    const given = Object.fromEntries(
      container?.env?.map(({ name, value }) => [name, String(value)]) ?? [],
    );
    this.server = this.processes.start("sh", [this.path("settings/start.sh")], {
      ...given,
      KAFKA: this.path("home"),
      SETTINGS: this.path("settings"),
      SECRETS: this.path("secrets"),
      TLS: this.path("tls"),
      CLIENT: this.path("client/client.properties"),
      WORK: this.path("work"),
      LOG_DIR: this.path("work"),
      POD_NAME: "kafka-0",
      NODES_DOMAIN: nodesDomain,
      CLUSTER_ID: Buffer.from("a cluster's uuid").toString("base64url"),
      KAFKA_LOG4J_OPTS: String(given["KAFKA_LOG4J_OPTS"]).replace(
        kafkaPaths.settings,
        this.path("settings"),
      ),
      KAFKA_HEAP_OPTS: heap,
    });
    const keep = (data: Buffer) => (this.output = (this.output + data.toString()).slice(-20_000));
    this.server.stdout?.on("data", keep);
    this.server.stderr?.on("data", keep);
    while (!(await this.listens())) {
      if (!this.processes.runs(this.server)) throw new Error(`Kafka ended:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Variables of the Job that creates the topic. */
  topicVariables(): Record<string, string> {
    const [container] = this.pod("Job", /^kafka-topics-/).containers;
    const [command, ...words] = container?.command ?? [];
    const shell = words.indexOf("sh");
    if (command !== "env" || shell < 0) throw new Error("the topic's Job is not run by env and sh");
    return Object.fromEntries(
      words.slice(0, shell).map((word) => {
        const equals = word.indexOf("=");
        return [word.slice(0, equals), word.slice(equals + 1)];
      }),
    );
  }

  /** Runs the topic's script like its Job, with changed values for some variables. */
  makeTopic(changed: Record<string, string> = {}): Promise<ScriptRun> {
    const variables = { ...this.topicVariables(), ...changed };
    return this.processes.run("sh", [join(checkout, "components/logging/kafka/topics.sh")], {
      ...variables,
      SERVERS: String(variables["SERVERS"]).replace(/:\d+$/, `:${this.ports.client}`),
      KAFKA: this.path("home"),
      LOG_DIR: this.path("work"),
      BOOTSTRAP_SECRETS: this.path("client"),
    });
  }

  /** Address of the node for clients on this machine. */
  get address(): string {
    return `kafka:${this.ports.client}`;
  }

  /** Runs the script for rolling restarts, like the node's probes. */
  inSync(question: string): Promise<ScriptRun> {
    return this.processes.run("sh", [this.path("settings/in-sync.sh"), question], {
      POD_NAME: "kafka-0",
      NODES_DOMAIN: nodesDomain,
      CLIENT: this.path("client/client.properties"),
      KAFKA: this.path("home"),
      LOG_DIR: this.path("work"),
      LIMIT: "0",
    });
  }

  /**
   * Runs a Kafka tool and returns its output.
   * @throws Error if it fails.
   */
  async tool(program: keyof typeof programs, ...args: string[]): Promise<string> {
    const login = this.path("client/client.properties");
    const { code, stdout, stderr } = await this.processes.run(
      this.path(`home/bin/${program}`),
      [
        ...["--bootstrap-server", `kafka:${this.ports.client}`],
        ...(existsSync(login) ? ["--command-config", login] : []),
        ...args,
      ],
      { KAFKA_HEAP_OPTS: heap },
    );
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Stops all processes and deletes all files. */
  stop(): Promise<void> {
    return this.processes.stop();
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  private async writeFiles(security: KafkaSecurity): Promise<void> {
    // The image has an empty folder of secrets, but none of certificates.
    for (const name of ["data", "settings", "work", "client", "secrets"]) {
      mkdirSync(this.path(name));
    }
    const { data } = this.found("ConfigMap", /^kafka-[0-9a-f]{10}$/) as unknown as {
      data: Record<string, string>;
    };
    for (const [name, text] of Object.entries(data)) {
      writeFileSync(join(this.path("settings"), name), this.here(text));
    }
    const hosts = ["localhost", "kafka", "kafka.logging.svc", ...kafkaHosts(1)];
    writeFileSync(this.path("hosts"), hosts.map((host) => `127.0.0.1 ${host}\n`).join(""));
    for (const [file, main] of Object.entries(programs)) {
      const options = `-Djdk.net.hosts.file='${this.path("hosts")}' -cp '${this.jars}/*'`;
      const own = `${shortRun.join(" ")} $KAFKA_HEAP_OPTS \${KAFKA_LOG4J_OPTS:-}`;
      const command = ["java", own, options, main];
      // The server gets signals, and runs until it is stopped.
      const isServer = main === programs["kafka-server-start.sh"];
      const body = isServer
        ? `exec ${command.join(" ")} "$@"`
        : withClassArchive(classArchive(main, this.jars), command);
      standIn(this.path(`home/bin/${file}`), body);
    }
    if (security === "sasl-tls") await this.writeSecrets();
  }

  private async writeSecrets(): Promise<void> {
    const [broker, client] = ["broker's", "client's"];
    const files = await certificateFiles();
    const authority = this.path("client/ca.crt");
    mkdirSync(this.path("tls"));
    for (const [name, text] of Object.entries(files)) writeFileSync(this.path(`tls/${name}`), text);
    cpSync(this.path("tls/ca.crt"), authority);
    writeFileSync(
      this.path("secrets/users.properties"),
      propertiesText(userProperties(broker, client)),
    );
    writeFileSync(
      this.path("client/client.properties"),
      propertiesText(clientProperties(client, authority)),
    );
  }

  /** Replaces paths and ports in a file of the component. */
  private here(text: string): string {
    const { client, controller } = this.ports;
    return text
      .replaceAll("CLIENT://:", "CLIENT://127.0.0.1:")
      .replaceAll("CONTROLLER://:", "CONTROLLER://127.0.0.1:")
      .replaceAll(`:${kafkaPorts.client}`, `:${client}`)
      .replaceAll(`:${kafkaPorts.controller}`, `:${controller}`)
      .replaceAll(kafkaPaths.data, this.path("data"))
      .replaceAll(kafkaPaths.tls, this.path("tls"))
      .replaceAll(kafkaPaths.keyStore, this.path("work/node.pem"));
  }

  private found(kind: string, name: RegExp) {
    const found = this.declared?.objects.find(
      (object) => object.kind === kind && name.test(object.metadata.name),
    );
    if (found === undefined) throw new Error(`no ${kind} ${name.source} is declared`);
    return found;
  }

  private pod(kind: string, name: RegExp): PodSpec {
    return at(this.found(kind, name), "spec.template.spec") as PodSpec;
  }

  private listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.ports.client, "127.0.0.1");
      const answer = (open: boolean) => {
        socket.destroy();
        resolve(open);
      };
      socket.on("connect", () => answer(true));
      socket.on("error", () => answer(false));
    });
  }
}
