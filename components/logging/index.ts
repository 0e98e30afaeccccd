import * as pulumi from "@pulumi/pulumi";
import { kibanaHost } from "../../config";
import type { BucketKeys } from "../shared/bucket";
import { configureJob, type ConfigureJobArgs } from "../shared/configure-job";
import { declarePart, type PartArgs } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { closeNamespace, podsOf } from "../shared/network-policy";
import { bootstrapSettings, elasticsearchJob, kibanaJob } from "./bootstrap-settings";
import { declareCertificates, type Certificates } from "./certificates";
import { elasticsearch, users, type ElasticsearchConnection } from "./elasticsearch";
import { elasticsearchPorts } from "./elasticsearch-config";
import { exporters } from "./exporters";
import { filebeat } from "./filebeat";
import { kafka } from "./kafka";
import { kibana, kibanaPort } from "./kibana";
import { logstash } from "./logstash";
import { nodesNamespace, type LoggingPart } from "./part";
import { rotation } from "./rotation";
import { loggingSize, type LoggingSize } from "./sizing";

/** Arguments of {@link Logging}. */
export interface LoggingArgs extends PartArgs<"logging"> {
  /**
   * Domain of each app of this stack, by the app's name. Each domain gets a data stream and a data view, as do those of
   * the config.
   */
  domains: Record<string, string>;
  /** App of each additional host on the gateway. Default: none. */
  hosts?: Record<string, string>;
  /** Keys of the bucket for Elasticsearch's snapshots. Default: no snapshots. */
  bucket?: BucketKeys;
  /** Domain of the stack. The default host is `kibana.<domain>`. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
}

/**
 * The logs of an environment, from the files of every node to Kibana. The context's environment is the field `wtype` of
 * every line.
 */
export class Logging extends pulumi.ComponentResource {
  /** Sizes of the pipeline's pods and disks. */
  readonly size: LoggingSize;
  /** URL of Kibana's web UI. */
  readonly url: string;

  constructor(name: string, args: LoggingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:logging:Logging", name, {}, opts);
    const { context, config } = args;
    const { storageClass, zones, selinuxType } = config;
    const domainsByApp = { ...config.otherApps, ...args.domains };
    const domains = Object.values(domainsByApp).sort();
    this.size = loggingSize({ ...config, ...config.load, domains: Math.max(1, domains.length) });
    const part = { ...declarePart("logging", { context }, this), storageClass, zones };
    // Pods that read and rotate log files of the node must be privileged. They have their own namespace, so that all
    // other pods stay restricted.
    const nodes = {
      ...declarePart(nodesNamespace, { context, podSecurity: "privileged" }, this),
      zones,
    };
    const certificates = declareCertificates(part, {
      existingSecret: config.tlsSecret,
      publishTo: config.kafka.security === "sasl-tls" ? nodes.namespace : undefined,
    });

    rotation(nodes, domains, { ...config.rotation, selinuxType });
    const broker = kafka(part, {
      ...config.kafka,
      bufferHours: config.bufferHours,
      size: this.size.kafka,
      certificates,
    });
    filebeat(nodes, { kafka: broker, certificates, selinuxType });
    const index = elasticsearch(part, {
      ...config.elasticsearch,
      size: this.size.elasticsearch,
      certificates,
      bucket: args.bucket,
    });
    const settings = bootstrapSettings({
      environment: context.environment,
      domains: Object.values(domainsByApp),
      retentionDays: config.retentionDays,
      size: this.size.elasticsearch,
    });
    const prepare = this.bootstraps(part, settings, { index, certificates });
    const prepared = prepare.index();
    const host = kibanaHost(config, args.domain);
    this.url = `${args.scheme}://${host}`;
    const pages = kibana(part, {
      host,
      publicUrl: this.url,
      replicas: config.highlyAvailable ? 2 : 1,
      gateway: args.gateway,
      elasticsearch: index,
      certificates,
      prepared,
    });
    prepare.pages(pages);
    logstash(part, {
      size: this.size.logstash,
      domains: domainsByApp,
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
    settings: ReturnType<typeof bootstrapSettings>,
    { index, certificates }: { index: ElasticsearchConnection; certificates: Certificates },
  ): { index(): pulumi.Resource; pages(pages: ReturnType<typeof kibana>): pulumi.Resource } {
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
