import { day } from "../../config/durations";

/** The amount of log lines, and how long they are kept, from which all sizes are calculated. */
export interface LogLoad {
  /** Lines of all apps and nodes on a usual day. */
  linesPerDay: number;
  /** Mean length of a line in bytes: 200 to 300 in an access log, 300 to 800 in an app's log. */
  bytesPerLine: number;
  /** Lines in the busiest minutes, as a multiple of the daily mean. */
  peakFactor: number;
  /** Days for which a line can be found. */
  retentionDays: number;
  /** Hours for which Kafka keeps lines while Elasticsearch is not available. */
  bufferHours: number;
  /** Number of domains that have their own data stream. */
  domains: number;
  /** Whether every part survives the loss of one node. */
  highlyAvailable: boolean;
}

/** Sizes of the log pipeline. Disks are per pod; 1 GiB is 2^30 bytes. */
export interface LoggingSize {
  peakLinesPerSecond: number;
  kafka: {
    nodes: 1 | 3;
    /** Copies of every message, and how many of them must exist before Filebeat discards a line. */
    copies: number;
    minimumCopies: number;
    partitions: number;
    diskGiB: number;
    /** Largest size of a partition in bytes, so that a flood of lines never fills the disk. */
    partitionBytes: number;
    heapMiB: number;
  };
  logstash: { replicas: number; consumerThreads: number; queueGiB: number };
  elasticsearch: {
    nodes: number;
    /** Copies of a shard in addition to the primary. */
    replicas: number;
    /** Primary shards of each data stream. */
    shards: number;
    /** Days after which a data stream starts a new index, if no shard is full before. */
    rolloverDays: number;
    diskGiB: number;
    memoryGiB: number;
    heapMiB: number;
    cpus: number;
  };
}

/**
 * Assumptions of the calculation; `docs/logging.md` shows an example. They are cautious starting values: measure your
 * own stack and correct them here.
 */
export const assumptions = {
  /** Bytes that Filebeat adds to a line as JSON: time, path, offset, node, pod and labels. */
  eventOverheadBytes: 500,
  /** Size of a batch of such events after gzip, as a fraction of the size before. */
  kafkaCompression: 0.25,
  /** Fraction of Kafka's disk that is planned for; the rest is for segments that wait for deletion. */
  kafkaDiskShare: 0.7,
  /** Megabytes per second of one partition. */
  partitionMegabytes: 1,
  /** Lines per second of a Logstash with two cores that parses paths and writes over TLS. */
  logstashLines: 5000,
  logstashThreads: 2,
  /** Seconds of peak load that Logstash's own queue holds. */
  queueSeconds: 600,
  /** Size of an indexed line with its fields and best_compression, as a fraction of the line. */
  indexShare: 1.1,
  /**
   * Fraction of Elasticsearch's disk that is planned for: above 85% it allocates no new shards, and merges need space.
   */
  indexDiskShare: 0.75,
  /** Lines per second that an Elasticsearch node with eight cores indexes, including replicas. */
  nodeLines: 10_000,
  nodeCpus: 8,
  /** GiB of disk per GiB of memory, for logs that are searched occasionally. */
  diskPerMemory: 64,
  /** Possible memory sizes of a node, GiB. Half is heap, and a heap above 31 GiB loses compressed pointers. */
  memoryGiB: [2, 4, 8, 16, 32],
  /** Largest size of a shard, GiB, as Elastic recommends. */
  shardGiB: 50,
  /** Largest number of shards of one node; Elasticsearch rejects more than 1000. */
  shardsPerNode: 800,
  /** Longest time before a rollover, days: a line can be found for that much longer than promised. */
  longestRolloverDays: 5,
} as const;

const gib = 2 ** 30;

/** Calculates the sizes for an amount of log lines. */
export function loggingSize(load: LogLoad): LoggingSize {
  const peakLinesPerSecond = (load.linesPerDay / day) * load.peakFactor;
  const peakBytesPerSecond =
    peakLinesPerSecond * (load.bytesPerLine + assumptions.eventOverheadBytes);
  const logstash = logstashSize(load, peakLinesPerSecond, peakBytesPerSecond);
  return {
    peakLinesPerSecond: Math.ceil(peakLinesPerSecond),
    kafka: kafkaSize(load, peakBytesPerSecond, logstash),
    logstash,
    elasticsearch: elasticsearchSize(load, peakLinesPerSecond),
  };
}

function logstashSize(
  { highlyAvailable }: LogLoad,
  peakLines: number,
  peakBytes: number,
): LoggingSize["logstash"] {
  const busy = Math.ceil(peakLines / assumptions.logstashLines);
  const replicas = Math.max(1, busy) + (highlyAvailable ? 1 : 0);
  return {
    replicas,
    consumerThreads: assumptions.logstashThreads,
    queueGiB: roundUp(1, (peakBytes * assumptions.queueSeconds) / replicas / gib, 1),
  };
}

function kafkaSize(
  load: LogLoad,
  peakBytes: number,
  logstash: LoggingSize["logstash"],
): LoggingSize["kafka"] {
  const nodes = load.highlyAvailable ? 3 : 1;
  // Twice the number of consumers, so that Logstash can be doubled without a new topic.
  const consumers = 2 * logstash.replicas * logstash.consumerThreads;
  const carried = Math.ceil(peakBytes / (assumptions.partitionMegabytes * 1e6));
  const partitions = Math.ceil(Math.max(consumers, carried) / nodes) * nodes;
  const perDay =
    load.linesPerDay *
    (load.bytesPerLine + assumptions.eventOverheadBytes) *
    assumptions.kafkaCompression;
  const days = load.bufferHours / 24;
  // Less than a day may fall into peak hours; a whole day has at most the lines of one day.
  const buffered = perDay * Math.min(load.peakFactor * days, Math.max(1, days));
  // There are as many copies as nodes, so each node holds everything.
  const diskGiB = roundUp(10, buffered / assumptions.kafkaDiskShare / gib, 10);
  return {
    nodes,
    copies: nodes,
    minimumCopies: nodes === 3 ? 2 : 1,
    partitions,
    diskGiB,
    partitionBytes: Math.floor((diskGiB * gib * 0.8) / partitions),
    heapMiB: peakBytes < 1e6 ? 512 : peakBytes < 5e6 ? 1024 : 4096,
  };
}

function elasticsearchSize(load: LogLoad, peakLines: number): LoggingSize["elasticsearch"] {
  const days = Array.from({ length: assumptions.longestRolloverDays }, (_, index) => index + 1);
  const sizes = days.map((rolloverDays) => nodesFor(load, peakLines, rolloverDays));
  // The shortest rollover with which the shards fit onto the nodes; otherwise the longest, with more nodes.
  return sizes.find(({ fits }) => fits)?.size ?? sizes[sizes.length - 1]!.size;
}

function nodesFor(
  load: LogLoad,
  peakLines: number,
  rolloverDays: number,
): { fits: boolean; size: LoggingSize["elasticsearch"] } {
  const copies = load.highlyAvailable ? 2 : 1;
  const indexedPerDay = load.linesPerDay * load.bytesPerLine * assumptions.indexShare;
  // The age counts from the rollover, so the oldest line of an index is kept longer.
  const kept = indexedPerDay * (load.retentionDays + rolloverDays) * copies;
  const totalGiB = kept / assumptions.indexDiskShare / gib;
  const largestMemory = Math.max(...assumptions.memoryGiB);
  const spare = load.highlyAvailable ? 1 : 0;
  const forDisk = Math.ceil(totalGiB / (largestMemory * assumptions.diskPerMemory));
  const forLines = Math.ceil((peakLines * copies) / assumptions.nodeLines);
  const working = Math.max(load.highlyAvailable ? 2 : 1, forDisk, forLines);
  const streamGiB = (indexedPerDay * rolloverDays) / load.domains / gib;
  const shards = Math.min(working, Math.ceil(streamGiB / assumptions.shardGiB) || 1);
  const indices = Math.ceil(load.retentionDays / rolloverDays) + 1;
  // One additional data stream, for lines without a domain.
  const allShards = (load.domains + 1) * shards * copies * indices;
  const forShards = Math.ceil(allShards / assumptions.shardsPerNode);
  const fits = forShards <= working;
  const nodes = Math.max(working, forShards);
  const diskGiB = roundUp(10, totalGiB / nodes, totalGiB > 500 ? 50 : 10);
  const memoryGiB =
    assumptions.memoryGiB.find((memory) => memory * assumptions.diskPerMemory >= diskGiB) ??
    largestMemory;
  const linesPerCpu = assumptions.nodeLines / assumptions.nodeCpus;
  return {
    fits,
    size: {
      nodes: nodes + spare,
      replicas: copies - 1,
      shards,
      rolloverDays,
      diskGiB,
      memoryGiB,
      heapMiB: (memoryGiB * 1024) / 2,
      cpus: roundUp(1, (peakLines * copies) / nodes / linesPerCpu, 1),
    },
  };
}

/** Rounds up to a multiple of `step`, but at least to `minimum`. */
function roundUp(minimum: number, value: number, step: number): number {
  return Math.max(minimum, Math.ceil(value / step) * step);
}
