import * as pulumi from "@pulumi/pulumi";
import { kibanaHost, type BlockStorageClass } from "../../config";
import type { BucketKeys } from "../shared/bucket";
import { configureJob } from "../shared/configure-job";
import { declarePart, type PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { closeNamespace, podsOf } from "../shared/network-policy";
import { bootstrapSettings } from "./bootstrap-settings";
import { certificates } from "./certificates";
import { elasticsearch, users, type ElasticsearchConnection } from "./elasticsearch";
import { elasticsearchPorts } from "./elasticsearch-config";
import { exporters } from "./exporters";
import { filebeat } from "./filebeat";
import { kafka } from "./kafka";
import type { KafkaSecurity } from "./kafka-config";
import { kibana, kibanaPort } from "./kibana";
import { logstash } from "./logstash";
import { nodesNamespace, type Place } from "./place";
import { rotation, type RotationArgs } from "./rotation";
import { loggingSize, type LoggingSize, type LogLoad } from "./sizing";

/** Arguments of {@link Logging}. */
export interface LoggingArgs extends Pick<
  LogLoad,
  "retentionDays" | "bufferHours" | "highlyAvailable"
> {
  /** Its environment is the field `wtype` of every line. */
  context: PlatformContext;
  /** Domain of each app, by the app's name; each gets a data stream and a data view. */
  domains: Record<string, string>;
  /** How many lines there are; every size follows from it, see `sizing.ts`. */
  load: Pick<LogLoad, "linesPerDay" | "bytesPerLine" | "peakFactor">;
  /** StorageClass of block devices; the cluster's default without it. */
  storageClass?: BlockStorageClass;
  /** Whether pods get their machine's label `topology.kubernetes.io/zone`. */
  zones: boolean;
  /** Secret with ca.crt, tls.crt and tls.key; made by a Job without it. */
  tlsSecret?: string;
  /** Keys of the bucket that Elasticsearch's snapshots go to; none are made without them. */
  bucket?: BucketKeys;
  kafka: { security: KafkaSecurity };
  /** See the config's schema for both. */
  elasticsearch: { memoryMap: boolean; formed: boolean };
  /** Kibana's pages: their host, `kibana.<domain>` without one. */
  kibana: { host?: string };
  /** The stack's domain, and how clients reach its pages. */
  domain: string;
  scheme: "http" | "https";
  gateway: GatewayAddress;
  rotation: Omit<RotationArgs, "selinuxType">;
  /** SELinux type of what reads and rotates files of the machine; the container runtime's own without it. */
  selinuxType?: string;
}

/** The logs of an environment, from every machine's files to Kibana's pages. */
export class Logging extends pulumi.ComponentResource {
  /** What the pipeline's pods and disks were sized to. */
  readonly size: LoggingSize;
  /** Address of Elasticsearch inside of the cluster; a Secret of the same namespace has its passwords. */
  readonly elasticsearch: pulumi.Output<{ url: string; secret: string; namespace: string }>;
  /** Address of Kibana's pages. */
  readonly url: string;

  constructor(name: string, args: LoggingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:logging:Logging", name, {}, opts);
    const domains = Object.values(args.domains).sort();
    this.size = loggingSize({ ...args, ...args.load, domains: Math.max(1, domains.length) });
    const { context, storageClass, zones } = args;
    const place = { ...declarePart("logging", { context }, this), storageClass, zones };
    // What reads and rotates files of the machine must be privileged; a namespace of its own leaves all
    // other pods restricted.
    const nodes = {
      ...declarePart(nodesNamespace, { context, podSecurity: "privileged" }, this),
      zones,
    };
    const tlsSecret = certificates(place, {
      given: args.tlsSecret,
      publishTo: args.kafka.security === "sasl-tls" ? nodes.namespace : undefined,
    });

    rotation(nodes, domains, { ...args.rotation, selinuxType: args.selinuxType });
    const broker = kafka(place, { ...args, ...args.kafka, size: this.size.kafka, tlsSecret });
    filebeat(nodes, { kafka: broker, selinuxType: args.selinuxType });
    const index = elasticsearch(place, {
      ...args.elasticsearch,
      size: this.size.elasticsearch,
      tlsSecret,
      bucket: args.bucket,
    });
    const host = kibanaHost(args, args.domain);
    this.url = `${args.scheme}://${host}`;
    const pages = kibana(place, {
      host,
      publicUrl: this.url,
      replicas: args.highlyAvailable ? 2 : 1,
      gateway: args.gateway,
      elasticsearch: index,
      tlsSecret,
    });
    const prepared = this.bootstrap(place, args, { index, pages, tlsSecret });
    logstash(place, {
      size: this.size.logstash,
      domains: args.domains,
      kafka: broker,
      elasticsearch: index,
      tlsSecret,
      dependsOn: [broker.ready, prepared],
    });
    exporters(place, { kafka: broker, elasticsearch: index, tlsSecret });
    closeNamespace(place);
    closeNamespace(nodes);

    const { namespace } = place;
    this.elasticsearch = pulumi.output({ url: index.url, secret: index.secret.name, namespace });
    this.registerOutputs({ elasticsearch: this.elasticsearch, url: this.url });
  }

  /** Life cycle, template, users, data streams and data views, by a Job against both APIs. */
  private bootstrap(
    place: Place,
    { context, domains, retentionDays }: LoggingArgs,
    parts: { index: ElasticsearchConnection; pages: string; tlsSecret: string },
  ): pulumi.Resource {
    const passwords = users.map((user) => [user, { secret: parts.index.secret.name, key: user }]);
    return configureJob(place, "logging-bootstrap", {
      files: ["logging/bootstrap/logging.mjs", "shared/bootstrap/api.mjs"],
      interpreter: {
        image: "node",
        command: ["env", "NODE_EXTRA_CA_CERTS=/secrets/ca.crt", "node"],
        user: 1000,
      },
      settings: bootstrapSettings({
        environment: context.environment,
        domains: Object.values(domains),
        retentionDays,
        size: this.size.elasticsearch,
        elasticsearch: parts.index.url,
        kibana: parts.pages,
      }),
      secrets: {
        ...Object.fromEntries(passwords),
        "ca.crt": { secret: parts.tlsSecret, key: "ca.crt" },
      },
      reads: [parts.index.secret],
      network: {
        egress: [
          { to: [podsOf("elasticsearch")], ports: [elasticsearchPorts.http] },
          { to: [podsOf("kibana")], ports: [kibanaPort] },
        ],
      },
      dependsOn: [parts.index.ready],
    });
  }
}
