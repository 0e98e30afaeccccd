/** How many log lines there are, and how long they are kept: all that the sizes follow from. */
export interface LogLoad {
  /** Lines of all apps and machines on a usual day. */
  linesPerDay: number;
  /** Mean length of a line in bytes; an access log line has 200 to 300, an application's 300 to 800. */
  bytesPerLine: number;
  /** How many times the day's mean the busiest minutes have. */
  peakFactor: number;
  /** Days for which a line can be found. */
  retentionDays: number;
  /** Hours for which Kafka holds everything while Elasticsearch is away. */
  bufferHours: number;
  /** Domains that have a data stream of their own. */
  domains: number;
  /** Whether every part survives the loss of one machine. */
  highlyAvailable: boolean;
}

/** Sizes of the whole log pipeline; disks are per pod, GiB are 2^30 bytes. */
export interface LoggingSize {
  peakLinesPerSecond: number;
  kafka: {
    nodes: 1 | 3;
    /** Copies of every message, and how many must be in place before Filebeat lets a line go. */
    copies: number;
    minimumCopies: number;
    partitions: number;
    diskGiB: number;
    /** What a partition may hold at the most, so that a flood of lines never fills the disk. */
    partitionBytes: number;
    heapMiB: number;
  };
  logstash: { replicas: number; consumerThreads: number; queueGiB: number };
  elasticsearch: {
    nodes: number;
    /** Copies of a shard beside the primary one. */
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
 * The constants of the arithmetic; `docs/logging.md` shows it with numbers. They are cautious
 * starting values: measure a stack of your own and correct them here.
 */
export const assumptions = {
  /** What Filebeat adds to a line: time, path, offset, machine, pod and labels, as JSON. */
  eventOverheadBytes: 500,
  /** Size of a batch of such events after gzip, as a share of the size before. */
  kafkaCompression: 0.25,
  /** Share of Kafka's disk that is planned for; the rest is segments that wait for deletion. */
  kafkaDiskShare: 0.7,
  /** Megabytes per second that one partition is meant to carry. */
  partitionMegabytes: 1,
  /** Lines per second of a Logstash with two cores that takes paths apart and writes over TLS. */
  logstashLines: 5000,
  logstashThreads: 2,
  /** Seconds of the peak that Logstash's own queue takes. */
  queueSeconds: 600,
  /** Size of an indexed line with its fields, best_compression, as a share of the line. */
  indexShare: 1.1,
  /** Share of Elasticsearch's disk that is planned for: from 85% on it takes no new shards, and merges need room. */
  indexDiskShare: 0.75,
  /** Lines per second that a node with eight cores indexes, copies of other nodes included. */
  nodeLines: 10_000,
  nodeCpus: 8,
  /** GiB of disk that one GiB of memory serves, for logs that are searched now and then. */
  diskPerMemory: 64,
  /** Memory of a node, GiB: half of it is heap, and a heap above 31 GiB would lose short pointers. */
  memoryGiB: [2, 4, 8, 16, 32],
  /** Largest size of a shard, GiB, as Elastic recommends. */
  shardGiB: 50,
  /** Shards of one node; Elasticsearch refuses more than 1000. */
  shardsPerNode: 800,
  /** Longest time before a new index, days: a line is found for so much longer than promised. */
  longestRolloverDays: 5,
} as const;

const gib = 2 ** 30;
const secondsPerDay = 86_400;

/** Everything that a load of log lines needs. */
export function loggingSize(load: LogLoad): LoggingSize {
  const peakLinesPerSecond = (load.linesPerDay / secondsPerDay) * load.peakFactor;
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
    queueGiB: atLeast(1, (peakBytes * assumptions.queueSeconds) / replicas / gib, 1),
  };
}

function kafkaSize(
  load: LogLoad,
  peakBytes: number,
  logstash: LoggingSize["logstash"],
): LoggingSize["kafka"] {
  const nodes = load.highlyAvailable ? 3 : 1;
  // Twice as many as there are consumers now: Logstash can be doubled without a new topic.
  const consumers = 2 * logstash.replicas * logstash.consumerThreads;
  const carried = Math.ceil(peakBytes / (assumptions.partitionMegabytes * 1e6));
  const partitions = Math.ceil(Math.max(consumers, carried) / nodes) * nodes;
  const perDay =
    load.linesPerDay *
    (load.bytesPerLine + assumptions.eventOverheadBytes) *
    assumptions.kafkaCompression;
  const days = load.bufferHours / 24;
  // Less than a day may be the busiest part of it; a whole day is never more than a day.
  const buffered = perDay * Math.min(load.peakFactor * days, Math.max(1, days));
  // As many copies as nodes, so each node holds everything.
  const diskGiB = atLeast(10, buffered / assumptions.kafkaDiskShare / gib, 10);
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
  // The shortest that the shards' number allows, else more nodes.
  return sizes.find(({ fits }) => fits)?.size ?? sizes[sizes.length - 1]!.size;
}

function nodesFor(
  load: LogLoad,
  peakLines: number,
  rolloverDays: number,
): { fits: boolean; size: LoggingSize["elasticsearch"] } {
  const copies = load.highlyAvailable ? 2 : 1;
  const indexedPerDay = load.linesPerDay * load.bytesPerLine * assumptions.indexShare;
  // Counted from the rollover on, so the oldest line of an index lives longer.
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
  // One data stream more: lines that belong to no domain.
  const allShards = (load.domains + 1) * shards * copies * indices;
  const forShards = Math.ceil(allShards / assumptions.shardsPerNode);
  const fits = forShards <= working;
  const nodes = Math.max(working, forShards);
  const diskGiB = atLeast(10, totalGiB / nodes, totalGiB > 500 ? 50 : 10);
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
      cpus: atLeast(1, (peakLines * copies) / nodes / linesPerCpu, 1),
    },
  };
}

/** Rounded up to a multiple of `step`, and not below `minimum`. */
function atLeast(minimum: number, value: number, step: number): number {
  return Math.max(minimum, Math.ceil(value / step) * step);
}
