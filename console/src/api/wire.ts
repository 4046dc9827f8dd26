import * as v from "valibot";

/**
 * The control API's messages as proto3 JSON writes them: absent means default, int64 travels as text.
 * Unknown members are dropped, so a newer server does not break an older page.
 */

const text = v.optional(v.string(), "");
const number = v.optional(
  v.pipe(
    v.union([v.number(), v.string()]),
    v.transform(Number),
    v.transform((n) => (Number.isFinite(n) ? n : 0)),
  ),
  0,
);
const list = <S extends v.GenericSchema>(item: S) => v.optional(v.array(item), []);

export const LEVELS = ["critical", "high", "medium", "low", "informational"] as const;
export type Level = (typeof LEVELS)[number];

const LEVEL_OF_ENUM: Record<string, Level> = {
  LEVEL_CRITICAL: "critical",
  LEVEL_HIGH: "high",
  LEVEL_MEDIUM: "medium",
  LEVEL_LOW: "low",
  LEVEL_INFORMATIONAL: "informational",
};
const level = v.pipe(
  v.optional(v.string(), "LEVEL_UNSPECIFIED"),
  v.transform((name): Level => LEVEL_OF_ENUM[name] ?? "informational"),
);
export const enumOfLevel = (l: Level): string => `LEVEL_${l.toUpperCase()}`;

/** What an alert turned out to be; `open` while nobody has said. */
export const VERDICTS = ["open", "true_positive", "false_positive", "benign"] as const;
export type Verdict = (typeof VERDICTS)[number];
const VERDICT_OF_ENUM: Record<string, Verdict | ""> = {
  VERDICT_OPEN: "open",
  VERDICT_TRUE_POSITIVE: "true_positive",
  VERDICT_FALSE_POSITIVE: "false_positive",
  VERDICT_BENIGN: "benign",
};
/** Empty where the message says nothing of it, as those of the stream. */
const verdict = v.pipe(
  v.optional(v.string(), ""),
  v.transform((name): Verdict | "" => VERDICT_OF_ENUM[name] ?? ""),
);
export const enumOfVerdict = (of: Verdict): string => `VERDICT_${of.toUpperCase()}`;

const LogSource = v.optional(v.object({ product: text, category: text, service: text }), {});
const Entity = v.object({ kind: text, value: text });

export const AlertRow = v.object({
  alertId: text,
  ruleId: text,
  ruleVersion: number,
  title: text,
  level,
  timeMs: number,
  firstSeenMs: number,
  lastSeenMs: number,
  ingestTimeMs: number,
  count: number,
  reason: text,
  host: text,
  user: text,
  techniqueIds: list(v.string()),
  tactics: list(v.string()),
  logSource: LogSource,
  entities: list(Entity),
  verdict,
  assignee: text,
});
export type AlertRow = v.InferOutput<typeof AlertRow>;

const MatchedField = v.object({ field: text, value: text, selection: text, operator: text, pattern: text });
export type MatchedField = v.InferOutput<typeof MatchedField>;

const Evidence = v.object({
  eventId: text,
  timeUs: number,
  fields: list(MatchedField),
});

export const EventRow = v.object({
  eventId: text,
  timeMs: number,
  ingestTimeMs: number,
  logSource: LogSource,
  classUid: number,
  className: text,
  host: text,
  user: text,
  summary: text,
  payload: text,
  ocsf: v.optional(v.record(v.string(), v.string()), {}),
  origin: text,
});
export type EventRow = v.InferOutput<typeof EventRow>;

export const AlertList = v.object({ alerts: list(AlertRow), nextPageToken: text, total: number });
export type AlertList = v.InferOutput<typeof AlertList>;

export const AlertDetail = v.object({
  alert: AlertRow,
  evidence: list(Evidence),
  events: list(EventRow),
  tags: list(v.string()),
  ruleHash: text,
});
export type AlertDetail = v.InferOutput<typeof AlertDetail>;

const LevelCount = v.object({ level, count: number });
const NamedCount = v.object({ id: text, name: text, count: number, highest: level });
export type NamedCount = v.InferOutput<typeof NamedCount>;
const HistogramBucket = v.object({ startMs: number, endMs: number, levels: list(LevelCount) });
export type HistogramBucket = v.InferOutput<typeof HistogramBucket>;

export const AlertSummary = v.object({
  total: number,
  levels: list(LevelCount),
  histogram: list(HistogramBucket),
  techniques: list(NamedCount),
  rules: list(NamedCount),
  hosts: list(NamedCount),
  fromMs: number,
  toMs: number,
});
export type AlertSummary = v.InferOutput<typeof AlertSummary>;

/** How an alert stands now, as somebody has just said. */
const TriageChange = v.object({ alertId: text, verdict, assignee: text, changedBy: text, changedMs: number });
export type TriageChange = v.InferOutput<typeof TriageChange>;

export const AlertBatch = v.object({
  alerts: list(AlertRow),
  cursor: text,
  serverTimeMs: number,
  triage: list(TriageChange),
});

export const EventList = v.object({ events: list(EventRow), nextPageToken: text });
export type EventList = v.InferOutput<typeof EventList>;

export type RuleStage = "draft" | "shadow" | "live" | "retired";
const STAGE_OF_ENUM: Record<string, RuleStage> = {
  RULE_STAGE_DRAFT: "draft",
  RULE_STAGE_SHADOW: "shadow",
  RULE_STAGE_LIVE: "live",
  RULE_STAGE_RETIRED: "retired",
};
/** Where a message does not say, it is a draft. */
export const wireStage = v.pipe(
  v.optional(v.string(), ""),
  v.transform((name): RuleStage => STAGE_OF_ENUM[name] ?? "draft"),
);

export const Rule = v.object({
  ruleId: text,
  version: number,
  hash: text,
  title: text,
  description: text,
  author: text,
  status: text,
  level,
  logSource: LogSource,
  tags: list(v.string()),
  techniqueIds: list(v.string()),
  tactics: list(v.string()),
  falsePositives: list(v.string()),
  references: list(v.string()),
  file: text,
  source: text,
  alerts24h: number,
  /** detection, filter, or the type of a correlation or pattern. */
  kind: text,
  /** Of this version; rules that are listed without one run. */
  stage: v.pipe(
    v.optional(v.string(), "RULE_STAGE_LIVE"),
    v.transform((name): RuleStage => STAGE_OF_ENUM[name] ?? "live"),
  ),
  /** Ids of rules that a correlation or pattern refers to. */
  refersTo: list(v.string()),
  newestVersion: number,
  changedBy: text,
  changedMs: number,
});
export type Rule = v.InferOutput<typeof Rule>;

export const RuleDiagnostic = v.object({
  code: text,
  severity: text,
  file: text,
  line: number,
  column: number,
  message: text,
  remedy: text,
});
export type RuleDiagnostic = v.InferOutput<typeof RuleDiagnostic>;

export const RuleList = v.object({
  rules: list(Rule),
  nextPageToken: text,
  total: number,
  diagnostics: list(RuleDiagnostic),
});

const STATUS_OF_ENUM: Record<string, Status> = {
  STATUS_OK: "ok",
  STATUS_DEGRADED: "degraded",
  STATUS_DOWN: "down",
};
export type Status = "ok" | "degraded" | "down" | "unknown";
const status = v.pipe(
  v.optional(v.string(), ""),
  v.transform((name): Status => STATUS_OF_ENUM[name] ?? "unknown"),
);

/** Absent where nothing was measured: a gap, not a zero. */
const figure = v.optional(v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.finite()));

const Sample = v.object({
  timeMs: number,
  eventsInPerSecond: figure,
  eventsStoredPerSecond: figure,
  alertsPerSecond: figure,
  consumerLagRecords: figure,
  lagSeconds: figure,
});
export type Sample = v.InferOutput<typeof Sample>;

const DeadLetterRow = v.object({
  timeMs: number,
  code: text,
  reason: text,
  partition: number,
  offset: number,
  tenantId: text,
});

const Checkpoint = v.object({
  id: number,
  status: text,
  triggeredMs: number,
  completedMs: number,
  durationMs: number,
  sizeBytes: number,
  failedCount: number,
  savepoint: v.optional(v.boolean(), false),
});
export type Checkpoint = v.InferOutput<typeof Checkpoint>;

const Stage = v.object({
  name: text,
  recordsPerSecond: figure,
  waiting: figure,
  errors: figure,
  busyShare: figure,
});
export type Stage = v.InferOutput<typeof Stage>;

const LateSource = v.object({ logSource: LogSource, lateEvents: number, events: number });
export type LateSource = v.InferOutput<typeof LateSource>;

export const PipelineHealth = v.object({
  serverTimeMs: number,
  status,
  components: list(v.object({ name: text, status, detail: text })),
  eventsInPerSecond: number,
  eventsStoredPerSecond: number,
  alertsPerSecond: number,
  consumerLagRecords: number,
  lagSeconds: number,
  lateEvents: number,
  deadLetters: number,
  eventsTotal: number,
  alertsTotal: number,
  lastCheckpoint: v.optional(Checkpoint),
  rules: number,
  samples: list(Sample),
  recentDeadLetters: list(DeadLetterRow),
  stages: list(Stage),
  checkpoints: list(Checkpoint),
  lateBySource: list(LateSource),
  matchedEvents: figure,
});
export type PipelineHealth = v.InferOutput<typeof PipelineHealth>;

/** The pieces of messages, for the files beside this one. */
export const wireText = text;
export const wireNumber = number;
export const wireFigure = figure;
export const wireList = list;
export const wireLevel = level;
export const wireVerdict = verdict;
export const wireLogSource = LogSource;
