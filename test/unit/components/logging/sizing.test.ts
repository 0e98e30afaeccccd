import assert from "node:assert/strict";
import { assumptions, loggingSize, type LogLoad } from "../../../../components/logging/sizing";

const small: LogLoad = {
  linesPerDay: 1_000_000,
  bytesPerLine: 500,
  peakFactor: 3,
  retentionDays: 10,
  bufferHours: 24,
  domains: 2,
  highlyAvailable: false,
};
const production: LogLoad = { ...small, linesPerDay: 600_000_000, highlyAvailable: true };

describe("sizes of the log pipeline", () => {
  it("match docs/logging.md for 600 million lines a day", () => {
    assert.deepEqual(loggingSize(production), {
      peakLinesPerSecond: 20_834,
      kafka: {
        nodes: 3,
        copies: 3,
        minimumCopies: 2,
        partitions: 24,
        diskGiB: 200,
        partitionBytes: 7_158_278_826,
        heapMiB: 4096,
      },
      logstash: { replicas: 6, consumerThreads: 2, queueGiB: 2 },
      elasticsearch: {
        nodes: 6,
        replicas: 1,
        shards: 4,
        rolloverDays: 1,
        diskGiB: 1850,
        memoryGiB: 32,
        heapMiB: 16_384,
        cpus: 7,
      },
    });
  });

  it("are the smallest possible for a million lines on one node", () => {
    assert.deepEqual(loggingSize(small), {
      peakLinesPerSecond: 35,
      kafka: {
        nodes: 1,
        copies: 1,
        minimumCopies: 1,
        partitions: 4,
        diskGiB: 10,
        partitionBytes: 2_147_483_648,
        heapMiB: 512,
      },
      logstash: { replicas: 1, consumerThreads: 2, queueGiB: 1 },
      elasticsearch: {
        nodes: 1,
        replicas: 0,
        shards: 1,
        rolloverDays: 1,
        diskGiB: 10,
        memoryGiB: 2,
        heapMiB: 1024,
        cpus: 1,
      },
    });
  });

  const table: [
    title: string,
    load: Partial<LogLoad>,
    expected: [path: string, value: number][],
  ][] = [
    [
      "survive a machine, however few lines",
      { linesPerDay: 1000 },
      [
        ["kafka.nodes", 3],
        ["kafka.minimumCopies", 2],
        ["logstash.replicas", 2],
        ["elasticsearch.nodes", 3],
        ["elasticsearch.replicas", 1],
      ],
    ],
    [
      "take twice the disk for twice as long lines",
      { bytesPerLine: 1000 },
      [
        ["elasticsearch.nodes", 10],
        ["kafka.diskGiB", 300],
      ],
    ],
    [
      "take more of everything for a higher peak, but no more disk",
      { peakFactor: 6 },
      [
        ["logstash.replicas", 10],
        ["elasticsearch.nodes", 10],
        ["kafka.diskGiB", 200],
      ],
    ],
    [
      "hold the busiest hours when the buffer is less than a day",
      { bufferHours: 4 },
      [["kafka.diskGiB", 100]],
    ],
    ["hold two days", { bufferHours: 48 }, [["kafka.diskGiB", 400]]],
    ["keep lines for 30 days", { retentionDays: 30 }, [["elasticsearch.nodes", 14]]],
    [
      "start indices less often where 700 domains would make too many shards",
      { domains: 700 },
      [
        ["elasticsearch.rolloverDays", 5],
        ["elasticsearch.shards", 1],
        ["elasticsearch.nodes", 8],
      ],
    ],
    [
      "take more nodes where even that makes too many shards",
      { domains: 3000 },
      [
        ["elasticsearch.rolloverDays", 5],
        ["elasticsearch.nodes", 24],
      ],
    ],
  ];
  for (const [title, load, expected] of table) {
    it(title, () => {
      const size = loggingSize({ ...production, ...load });
      for (const [path, value] of expected) {
        const [part, field] = path.split(".") as ["kafka", "nodes"];
        assert.equal(size[part][field], value, path);
      }
    });
  }

  it("keep Kafka's and Elasticsearch's own rules for every load", () => {
    for (const linesPerDay of [1000, 1e6, 5e7, 6e8, 3e9]) {
      for (const domains of [1, 10, 700, 3000]) {
        for (const highlyAvailable of [true, false]) {
          const load = { ...production, linesPerDay, domains, highlyAvailable };
          const { kafka, logstash, elasticsearch } = loggingSize(load);
          const consumers = logstash.replicas * logstash.consumerThreads;
          assert.ok(kafka.partitions >= consumers, "a consumer without a partition");
          assert.equal(kafka.partitions % kafka.nodes, 0, "nodes with unequal load");
          assert.ok(kafka.partitionBytes * kafka.partitions <= kafka.diskGiB * 2 ** 30);
          assert.equal(kafka.minimumCopies < kafka.copies, highlyAvailable);
          assert.ok(elasticsearch.heapMiB <= 31 * 1024, "pointers become long");
          assert.equal(elasticsearch.heapMiB * 2, elasticsearch.memoryGiB * 1024);
          const copies = elasticsearch.replicas + 1;
          const working = elasticsearch.nodes - (highlyAvailable ? 1 : 0);
          const indices = Math.ceil(load.retentionDays / elasticsearch.rolloverDays) + 1;
          const shards = (domains + 1) * elasticsearch.shards * copies * indices;
          assert.ok(shards <= working * assumptions.shardsPerNode, `${shards} shards`);
          const bytes =
            linesPerDay *
            load.bytesPerLine *
            assumptions.indexShare *
            (load.retentionDays + elasticsearch.rolloverDays) *
            copies;
          assert.ok(
            bytes <= working * elasticsearch.diskGiB * 2 ** 30 * 0.85,
            "over the watermark",
          );
        }
      }
    }
  });
});
