import * as pulumi from "@pulumi/pulumi";
import { kibanaHost, type BlockStorageClass } from "../../config";
import type { BucketKeys } from "../shared/bucket";
import { configureJob, type ConfigureJobArgs } from "../shared/configure-job";
import { declarePart, type PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { closeNamespace, podsOf } from "../shared/network-policy";
import { bootstrapSettings, elasticsearchJob, kibanaJob } from "./bootstrap-settings";
import { declareCertificates, type Certificates } from "./certificates";
import { elasticsearch, users, type ElasticsearchConnection } from "./elasticsearch";
import { elasticsearchPorts } from "./elasticsearch-config";
import { exporters } from "./exporters";
import { filebeat } from "./filebeat";
import { kafka } from "./kafka";
import type { KafkaSecurity } from "./kafka-config";
import { kibana, kibanaPort } from "./kibana";
import { logstash } from "./logstash";
import { nodesNamespace, type LoggingPart } from "./part";
import { rotation, type RotationArgs } from "./rotation";
import { loggingSize, type LoggingSize, type LogLoad } from "./sizing";

/** Arguments of {@link Logging}. */
export interface LoggingArgs extends Pick<
  LogLoad,
  "retentionDays" | "bufferHours" | "highlyAvailable"
> {
  /** Context of the stack. Its environment is the field `wtype` of every line. */
  context: PlatformContext;
  /** Domain of each app, by the app's name. Each domain gets a data stream and a data view. */
  domains: Record<string, string>;
  /** App of each additional host on the gateway. Default: none. */
  hosts?: Record<string, string>;
  /** Amount of log lines, from which all sizes are calculated; see `sizing.ts`. */
  load: Pick<LogLoad, "linesPerDay" | "bytesPerLine" | "peakFactor">;
  /** StorageClass for block devices. Default: the cluster's default class. */
  storageClass?: BlockStorageClass;
  /** Whether pods get the label `topology.kubernetes.io/zone` of their node. */
  zones: boolean;
  /** Secret with ca.crt, tls.crt and tls.key. Default: a Job creates it. */
  tlsSecret?: string;
  /** Keys of the bucket for Elasticsearch's snapshots. Default: no snapshots. */
  bucket?: BucketKeys;
  /** Whether Kafka requires a password and TLS. */
  kafka: { security: KafkaSecurity };
  /** `memoryMap`: the nodes have a sufficient vm.max_map_count. `formed`: the cluster has formed. */
  elasticsearch: { memoryMap: boolean; formed: boolean };
  /** Host of Kibana's web UI. Default: `kibana.<domain>`. */
  kibana: { host?: string };
  /** Domain of the stack. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
  /** Size, age and interval of log rotation. */
  rotation: Omit<RotationArgs, "selinuxType">;
  /** SELinux type of the pods that read and rotate log files of the node. Default: the container runtime's. */
  selinuxType?: string;
}

/** The logs of an environment, from the files of every node to Kibana. */
export class Logging extends pulumi.ComponentResource {
  /** Sizes of the pipeline's pods and disks. */
  readonly size: LoggingSize;
  /** URL of Kibana's web UI. */
  readonly url: string;

  constructor(name: string, args: LoggingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:logging:Logging", name, {}, opts);
    const domains = Object.values(args.domains).sort();
    this.size = loggingSize({ ...args, ...args.load, domains: Math.max(1, domains.length) });
    const { context, storageClass, zones } = args;
    const part = { ...declarePart("logging", { context }, this), storageClass, zones };
    // Pods that read and rotate log files of the node must be privileged. They have their own namespace, so that all
    // other pods stay restricted.
    const nodes = {
      ...declarePart(nodesNamespace, { context, podSecurity: "privileged" }, this),
      zones,
    };
    const certificates = declareCertificates(part, {
      existingSecret: args.tlsSecret,
      publishTo: args.kafka.security === "sasl-tls" ? nodes.namespace : undefined,
    });

    rotation(nodes, domains, { ...args.rotation, selinuxType: args.selinuxType });
    const broker = kafka(part, { ...args, ...args.kafka, size: this.size.kafka, certificates });
    filebeat(nodes, { kafka: broker, certificates, selinuxType: args.selinuxType });
    const index = elasticsearch(part, {
      ...args.elasticsearch,
      size: this.size.elasticsearch,
      certificates,
      bucket: args.bucket,
    });
    const prepare = this.bootstraps(part, args, { index, certificates });
    const prepared = prepare.index();
    const host = kibanaHost(args, args.domain);
    this.url = `${args.scheme}://${host}`;
    const pages = kibana(part, {
      host,
      publicUrl: this.url,
      replicas: args.highlyAvailable ? 2 : 1,
      gateway: args.gateway,
      elasticsearch: index,
      certificates,
      prepared,
    });
    prepare.pages(pages);
    logstash(part, {
      size: this.size.logstash,
      domains: args.domains,
      hosts: args.hosts,
      kafka: broker,
      elasticsearch: index,
      certificates,
      dependsOn: [broker.ready, prepared],
    });
    exporters(part, { kafka: broker, elasticsearch: index, certificates });
    closeNamespace(part);
    closeNamespace(nodes);

    this.registerOutputs({ url: this.url });
  }

  /**
   * Configures the servers through their APIs, with one Job for each: Kibana is not ready before the first Job has set
   * its password, so a single Job for both would never start.
   */
  private bootstraps(
    part: LoggingPart,
    { context, domains, retentionDays }: LoggingArgs,
    { index, certificates }: { index: ElasticsearchConnection; certificates: Certificates },
  ): { index(): pulumi.Resource; pages(pages: ReturnType<typeof kibana>): pulumi.Resource } {
    const settings = bootstrapSettings({
      environment: context.environment,
      domains: Object.values(domains),
      retentionDays,
      size: this.size.elasticsearch,
    });
    const job = (
      name: string,
      args: Pick<ConfigureJobArgs, "settings" | "network" | "dependsOn">,
      names: readonly string[],
    ) =>
      configureJob(part, name, {
        ...args,
        files: ["logging/bootstrap/logging.mjs", "shared/bootstrap/api.mjs"],
        interpreter: {
          image: "node",
          command: ["env", "NODE_EXTRA_CA_CERTS=/secrets/ca.crt", "node"],
          user: 1000,
        },
        secrets: {
          ...Object.fromEntries(
            names.map((user) => [user, { secret: index.secret.name, key: user }]),
          ),
          "ca.crt": { secret: certificates.secret, key: "ca.crt" },
        },
        declaredSecrets: [index.secret],
      });
    const to = (workload: string, port: number) => ({
      egress: [{ to: [podsOf(workload)], ports: [port] }],
    });
    return {
      index: () =>
        job(
          "logging-bootstrap",
          {
            settings: elasticsearchJob(index.url, settings),
            network: to("elasticsearch", elasticsearchPorts.http),
            dependsOn: [index.ready],
          },
          users,
        ),
      pages: ({ url, ready }) =>
        job(
          "logging-views",
          {
            settings: kibanaJob(url, settings),
            network: to("kibana", kibanaPort),
            dependsOn: [ready],
          },
          ["elastic"],
        ),
    };
  }
}
