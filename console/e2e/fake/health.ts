/** Answers of PipelineService: a pipeline that runs well, with a little of everything that can be wrong. */
export function health() {
  const now = Date.now();
  const wave = (i: number) =>
    40_000 + 6000 * Math.sin(i / 17) + 2500 * Math.sin(i / 3.1) + (i % 53 === 0 ? 9000 : 0);
  const samples = Array.from({ length: 240 }, (_, i) => ({
    timeMs: String(now - (239 - i) * 5000),
    eventsInPerSecond: wave(i + Math.floor(now / 5000)),
    // ClickHouse was away for a minute.
    ...(i > 60 && i < 74 ? {} : { eventsStoredPerSecond: wave(i - 1 + Math.floor(now / 5000)) }),
    alertsPerSecond: 0.4 + 0.3 * Math.sin(i / 9),
    consumerLagRecords: String(
      Math.round(Math.max(0, 900 + 700 * Math.sin(i / 21) + (i > 150 && i < 170 ? 9000 : 0))),
    ),
    lagSeconds: Math.max(0, 0.9 + 0.6 * Math.sin(i / 21) + (i > 150 && i < 170 ? 33 : 0)),
  }));
  return {
    serverTimeMs: String(now),
    status: "STATUS_OK",
    components: [
      { name: "kafka", status: "STATUS_OK", detail: "1 broker, 3 topics, 4 partitions" },
      { name: "flink", status: "STATUS_OK", detail: "1 task manager, 2 of 2 slots" },
      { name: "detection-job", status: "STATUS_OK", detail: "running for 3 h 12, no restart" },
      { name: "clickhouse", status: "STATUS_OK", detail: "26.7.2, 4 ms" },
    ],
    eventsInPerSecond: 41_800,
    eventsStoredPerSecond: 41_650,
    alertsPerSecond: 0.6,
    consumerLagRecords: "1204",
    lagSeconds: 0.9,
    lateEvents: "83",
    deadLetters: "14",
    eventsTotal: "184203117",
    alertsTotal: "4112",
    lastCheckpoint: {
      id: "1182",
      completedMs: String(now - 12_000),
      durationMs: "840",
      sizeBytes: "48211034",
    },
    rules: 248,
    matchedEvents: "184203117",
    stages: [
      { name: "source", recordsPerSecond: 41_800, waiting: "1204" },
      { name: "parse", recordsPerSecond: 41_790, errors: "14" },
      { name: "match", recordsPerSecond: 41_789.5, errors: "3", busyShare: 0.62 },
      { name: "remember", recordsPerSecond: 311.4 },
      { name: "alert", recordsPerSecond: 0.6, errors: "0" },
    ],
    checkpoints: Array.from({ length: 8 }, (_, i) => ({
      id: String(1182 - i),
      status: i === 3 ? "failed" : "completed",
      triggeredMs: String(now - 12_840 - i * 10_000),
      ...(i === 3 ? {} : { completedMs: String(now - 12_000 - i * 10_000) }),
      durationMs: String(840 + i * 31),
      sizeBytes: String(48_211_034 - i * 90_000),
      ...(i === 5 ? { savepoint: true } : {}),
    })),
    lateBySource: [
      { logSource: { product: "zeek", service: "dns" }, lateEvents: "412", events: "48211" },
      { logSource: { product: "aws<b>", service: "cloudtrail\u202e" }, lateEvents: "96", events: "97" },
      { logSource: { product: "windows", category: "process_creation" }, lateEvents: "3", events: "9120331" },
    ],
    samples,
    recentDeadLetters: [
      {
        timeMs: String(now - 65_000),
        code: "TW-E4001",
        reason: "The payload is not one JSON object: unexpected end at byte 512.",
        partition: 2,
        offset: "88211",
        tenantId: "default",
      },
      {
        timeMs: String(now - 400_000),
        code: "TW-E4003",
        reason: "The payload has 20,971,520 bytes; 1,048,576 are allowed. host=\u202efdp<script>",
        partition: 0,
        offset: "87004",
        tenantId: "default",
      },
    ],
  };
}

const LETTERS = [
  {
    code: "TW-E4001",
    reason: "The payload is not one JSON object: unexpected end at byte 512.",
    partition: 2,
    offset: "88211",
    sample: '{"EventID": 1, "Image": "C:\\\\Windows\\\\System32\\\\cmd.exe", "CommandLine": "cmd /c ',
    recordBytes: "512",
  },
  {
    code: "TW-E4003",
    reason: "The payload has 20,971,520 bytes; 1,048,576 are allowed. host=\u202efdp<script>",
    partition: 0,
    offset: "87004",
    sample: '<script>window.pwned=20</script>\u0000\ufffd\u202e{"a": "'.padEnd(600, "A"),
    recordBytes: "20971520",
  },
];

/** Of a tenant `empty` every record could be read. */
export function deadLetters(tenant: string, code: string) {
  if (tenant === "empty") return {};
  const now = Date.now();
  const all = LETTERS.map((letter, i) => ({
    timeMs: String(now - 65_000 - i * 335_000),
    topic: "telemetry",
    tenantId: i === 0 ? tenant : "",
    ...letter,
  }));
  return {
    deadLetters: all.filter((each) => !code || each.code === code),
    codes: [
      { code: "TW-E4001", count: "11", newestMs: String(now - 65_000) },
      { code: "TW-E4003", count: "3", newestMs: String(now - 400_000) },
    ],
  };
}

/** All of the templates' sources but CloudTrail's send. */
export function logSources(tenant: string) {
  if (tenant === "empty") return {};
  const now = Date.now();
  const sources = [
    [{ product: "windows", category: "process_creation" }, 9_120_331],
    [{ product: "windows", category: "file_event" }, 120_331],
    [{ product: "zeek", service: "dns" }, 48_211],
    [{ product: "win<b>dows", category: "process\u200b" }, 3],
  ] as const;
  return {
    logSources: sources.map(([logSource, events]) => ({
      logSource,
      events: String(events),
      newestMs: String(now - 2000),
      newestIngestMs: String(now - 1500),
    })),
  };
}
