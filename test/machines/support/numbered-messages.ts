import { selectorLabels } from "../../../components/shared/labels";
import { containerSecurityContext, runAs } from "../../../components/shared/pods";
import { apply } from "../../../local/machines";
import { imageReference, images } from "../../../versions/images";
import { kafkaClientOf } from "../cases/logs";
import { until } from "../../support/until";
import { isReady, type RealStack } from "./stack";

const namespace = "logging";
const name = "numbers";

/** Address at which clients find Kafka, and the topic of all log lines. */
const servers = "kafka.logging.svc:9092";
const topic = ["--topic", "logs"];

/** Messages per second, and for how many keys, so that every partition gets some. */
const rate = ["--throughput", "50", "--repeating-keys", "100"];

/** Upper limit for a producer that is not stopped: the messages of half an hour. */
const most = ["--max-messages", String(50 * 1800)];

/** A pod that the policies let connect to Kafka, as the one that makes the topic. */
const client = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, labels: selectorLabels("kafka-topics") },
  spec: {
    securityContext: runAs(1000),
    containers: [
      {
        name: "client",
        image: imageReference(images.kafka, { digests: "ignored" }),
        command: ["sleep", "3600"],
        securityContext: containerSecurityContext,
      },
    ],
  },
};

/** What became of numbered messages. */
export interface Produced {
  /** Numbers of the messages that Kafka acknowledged. */
  acknowledged: number[];
  /** What the producer said of those that it gave up. */
  failed: string[];
  /** Longest time in which Kafka acknowledged none, seconds. */
  longestPause: number;
}

/** A line that the producer prints for each message. */
interface Line {
  name: string;
  value?: string;
  /** Milliseconds. */
  timestamp: number;
  /** Class of the error. */
  exception?: string;
}

/** Writes the acknowledged numbers to a file, one per line. */
const wanted =
  "grep producer_send_success /tmp/said | grep -oE '\"value\":\"[0-9]+\"' | grep -oE '[0-9]+' >/tmp/wanted";

/**
 * Prints the lines that are acknowledged numbers until there is each of them. Other lines in the topic are Filebeat's,
 * which are JSON and have no end, and messages that were written and not acknowledged.
 */
const picking =
  'BEGIN { while ((getline line < "/tmp/wanted") > 0) { want[line]; left++ } } ' +
  "$0 in want { print; delete want[$0]; if (--left == 0) exit }";

/** Numbered messages in Kafka, from a pod of their own. */
export class NumberedMessages {
  private producing: Promise<string> | undefined;

  private constructor(private readonly real: RealStack) {}

  /** Starts the pod. */
  static async of(real: RealStack): Promise<NumberedMessages> {
    await apply(real.cluster, [client]);
    await until("the client runs", 120, async () =>
      (await real.pods()).some((pod) => pod.metadata.name === name && isReady(pod)),
    );
    return new NumberedMessages(real);
  }

  /** Runs a program of Kafka's distribution. */
  tool(program: string, ...args: string[]): Promise<string> {
    return this.in(...kafkaClientOf(servers, program, ...args));
  }

  /**
   * Starts to write messages that count as written when every copy in sync has them, as Filebeat does.
   * @param timeoutSeconds seconds after which a message that Kafka does not take is given up; Filebeat never does that.
   */
  async start(timeoutSeconds: number): Promise<void> {
    const settings = [
      "retries=2147483647",
      `delivery.timeout.ms=${timeoutSeconds * 1000}`,
      `request.timeout.ms=${(timeoutSeconds * 1000) / 2}`,
    ];
    await this.in("sh", "-c", `printf '%s\n' ${settings.join(" ")} >/tmp/producer.properties`);
    const sure = ["--acks", "-1", "--command-config", "/tmp/producer.properties"];
    const args = [...topic, ...rate, ...most, ...sure];
    const command = kafkaClientOf(servers, "kafka-verifiable-producer.sh", ...args).join(" ");
    // The code of a program that a signal asked to end.
    const ends = "wait $! || test $? = 143 || { cat /tmp/said; exit 1; }";
    const program = `${command} >/tmp/said 2>&1 & echo $! >/tmp/producer.pid; ${ends}`;
    this.producing = this.in("sh", "-c", program);
    // A test that fails before it asks for the result ends the pod.
    this.producing.catch(() => undefined);
    await until("Kafka acknowledges messages", 60, async () => {
      const acknowledged = "grep -c producer_send_success /tmp/said || true";
      return Number(await this.in("sh", "-c", acknowledged)) > 100;
    });
  }

  /**
   * Ends the producer. The few messages that it is about to send then do not count: they fail because it closes.
   */
  async stop(): Promise<Produced> {
    const end = Number(await this.in("sh", "-c", "date +%s%3N; kill $(cat /tmp/producer.pid)"));
    await this.producing;
    const lines = (await this.in("grep", "^{", "/tmp/said"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line);
    const successes = lines.filter((line) => line.name === "producer_send_success");
    const times = successes.map(({ timestamp }) => timestamp);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time));
    return {
      acknowledged: successes.map(({ value }) => Number(value)),
      failed: lines
        .filter((line) => line.name === "producer_send_error")
        .filter((line) => line.timestamp < end || line.exception?.endsWith("TimeoutException"))
        .map((line) => JSON.stringify(line)),
      longestPause: Math.max(0, ...pauses) / 1000,
    };
  }

  /**
   * Reads the topic from its beginning until all acknowledged numbers are found, and returns those that it found. It
   * gives up after 90 s.
   */
  async readAcknowledged(): Promise<Set<number>> {
    const all = [...topic, "--from-beginning", "--timeout-ms", "20000"];
    const command = kafkaClientOf(servers, "kafka-console-consumer.sh", ...all).join(" ");
    const text = await this.in("sh", "-c", `${wanted}; timeout 90 ${command} | awk '${picking}'`);
    return new Set(text.split("\n").filter(Boolean).map(Number));
  }

  private in(...command: string[]): Promise<string> {
    return this.real.exec(namespace, name, ...command);
  }
}
