-- Alerts again, laid out for searches over tens of millions (decision 0015).
--
-- A partition is a day and is merged into one part when nothing was written to it for ten minutes.
-- FINAL costs nothing where a partition is one part, so it is paid for the days that are written to
-- and not for all of them. Names that repeat are dictionaries. Columns that only searches read are
-- computed once, when a row is stored.
CREATE OR REPLACE TABLE ${database}.alerts ${on_cluster} (
  tenant_id LowCardinality(String) COMMENT 'Tenant that the alert belongs to; every query names one',
  alert_id UUID COMMENT 'Derived from tenant, rule id, rule version, group key and episode start; the same alert always has the same id',
  rule_id LowCardinality(String) COMMENT 'Id of the rule that raised it',
  rule_version UInt32 COMMENT 'Version of the rule',
  rule_hash LowCardinality(String) COMMENT 'First 16 hex digits of SHA-256 over the rule source text',
  title LowCardinality(String) COMMENT 'Title of the rule',
  level Enum8('unspecified' = 0, 'informational' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Severity of the rule',
  time DateTime64(6, 'UTC') COMMENT 'Time of the event that raised it' CODEC(Delta, ZSTD(1)),
  first_seen DateTime64(6, 'UTC') COMMENT 'Start of the episode: its first match; never changes for an id' CODEC(Delta, ZSTD(1)),
  last_seen DateTime64(6, 'UTC') COMMENT 'Last match of the episode' CODEC(Delta, ZSTD(1)),
  detected_time DateTime64(6, 'UTC') COMMENT 'When the pipeline raised it' CODEC(Delta, ZSTD(1)),
  ingest_time DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'When this row was inserted, by the server clock' CODEC(Delta, ZSTD(1)),
  count UInt64 COMMENT 'Matches in the episode',
  version UInt64 COMMENT 'Of the rows of an id the one with the highest version is shown, of equals the last inserted; writers use the count',
  class_uid UInt32 DEFAULT 2004 COMMENT 'OCSF class: Detection Finding',
  product LowCardinality(String) COMMENT 'Sigma log source of the event: product',
  category LowCardinality(String) COMMENT 'Sigma log source of the event: category',
  service LowCardinality(String) COMMENT 'Sigma log source of the event: service',
  host LowCardinality(String) COMMENT 'The first entity of kind host',
  user LowCardinality(String) COMMENT 'The first entity of kind user',
  entities Array(Tuple(kind String, value String)) COMMENT 'What it is about; kinds: host, user, process, file, ip, domain, url, cloud_account, cloud_resource',
  evidence Array(Tuple(event_id UUID, time DateTime64(6, 'UTC'), fields Array(Tuple(field String, value String, selection String, operator String, pattern String)))) COMMENT 'Events that matched and, for each, the fields that made it match' CODEC(ZSTD(1)),
  technique_ids Array(LowCardinality(String)) COMMENT 'ATT&CK techniques in upper case, e.g. T1059.001',
  tactics Array(LowCardinality(String)) COMMENT 'ATT&CK tactics by short name, e.g. credential-access',
  tags Array(LowCardinality(String)) COMMENT 'Tags of the rule',
  stage Enum8('unspecified' = 0, 'shadow' = 1, 'live' = 2) COMMENT 'Stage of the rule when it raised this',
  reason String COMMENT 'One line that says why, from the matched fields',
  search_text String MATERIALIZED lowerUTF8(concat(title, '\n', reason, '\n', arrayStringConcat(entities.value, '\n'))) COMMENT 'What a text search for parts looks through: title, reason and entities in lower case' CODEC(ZSTD(1)),
  search_words Array(String) MATERIALIZED arrayDistinct(arrayFilter(w -> w != '', arrayConcat(tokens(search_text), arrayMap(w -> trimBoth(w, '._@:-'), extractAll(search_text, '[^\\x00-\\x2c\\x2f\\x3b-\\x3f\\x5b-\\x5e\\x60\\x7b-\\x7f]+'))))) COMMENT 'Its words: runs of letters and digits, and the same with . _ @ : - within' CODEC(ZSTD(1)),
  more_hosts Array(String) MATERIALIZED arrayFilter(h -> h != host, arrayMap(e -> e.value, arrayFilter(e -> e.kind = 'host', entities))) COMMENT 'Entities of kind host behind the first; of most alerts none',
  more_users Array(String) MATERIALIZED arrayFilter(u -> u != user, arrayMap(e -> e.value, arrayFilter(e -> e.kind = 'user', entities))) COMMENT 'Entities of kind user behind the first; of most alerts none',
  techniques Array(LowCardinality(String)) MATERIALIZED arrayDistinct(arrayConcat(technique_ids, arrayMap(t -> splitByChar('.', t)[1], technique_ids))) COMMENT 'The techniques and those that they are sub-techniques of',
  INDEX by_time time TYPE minmax GRANULARITY 1,
  INDEX by_ingest_time ingest_time TYPE minmax GRANULARITY 1,
  INDEX by_word search_words TYPE text(tokenizer = 'array')
)
ENGINE = ${replacing_merge_tree}(version)
PARTITION BY toYYYYMMDD(first_seen)
ORDER BY (tenant_id, toStartOfHour(first_seen), alert_id)
SETTINGS index_granularity = 2048, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1,
  min_bytes_for_wide_part = 268435456, max_compress_block_size = 262144
COMMENT 'Alerts; read with FINAL'
AS SELECT tenant_id, alert_id, rule_id, rule_version, rule_hash, title, level, time, first_seen, last_seen, detected_time, ingest_time,
  count, version, class_uid, product, category, service, host, user, entities, evidence, technique_ids, tactics, tags, stage, reason
FROM ${database}.alerts SETTINGS max_partitions_per_insert_block = 0;

-- An alert's place by its id: where it is in alerts, and whose it is. By id alone the table above
-- would have to be looked through day by day.
CREATE TABLE IF NOT EXISTS ${database}.alert_places ${on_cluster} (
  tenant_id LowCardinality(String) COMMENT 'Tenant that the alert belongs to',
  alert_id UUID COMMENT 'Id of the alert',
  first_seen DateTime64(6, 'UTC') COMMENT 'Start of its episode, by which the table alerts is sorted' CODEC(Delta, ZSTD(1)),
  time DateTime64(6, 'UTC') COMMENT 'Its time, for the retention' CODEC(Delta, ZSTD(1)),
  rule_id LowCardinality(String) COMMENT 'Rule that raised it',
  rule_version UInt32 COMMENT 'Version of the rule'
)
ENGINE = ${replacing_merge_tree}
ORDER BY (tenant_id, alert_id)
SETTINGS index_granularity = 256
COMMENT 'Where alerts are, by id; filled with the table alerts';
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.alert_places_filling ${on_cluster} TO ${database}.alert_places
AS SELECT tenant_id, alert_id, first_seen, time, rule_id, rule_version FROM ${database}.alerts;
INSERT INTO ${database}.alert_places
SELECT tenant_id, alert_id, first_seen, time, rule_id, rule_version FROM ${database}.alerts;

-- How long the episodes of a day went on. A search of a time range asks here which days of the table
-- above, which are days of first_seen, it has to look at.
CREATE TABLE IF NOT EXISTS ${database}.alert_days ${on_cluster} (
  tenant_id LowCardinality(String) COMMENT 'Tenant that the alerts belong to',
  day Date COMMENT 'Day that their episodes began, UTC',
  last_time SimpleAggregateFunction(max, DateTime64(6, 'UTC')) COMMENT 'The latest time of an alert among them'
)
ENGINE = ${aggregating_merge_tree}
ORDER BY (tenant_id, day)
COMMENT 'How long the episodes of a day went on; filled with the table alerts';
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.alert_days_filling ${on_cluster} TO ${database}.alert_days
AS SELECT tenant_id, toDate(first_seen) AS day, max(time) AS last_time FROM ${database}.alerts GROUP BY tenant_id, day;
INSERT INTO ${database}.alert_days
SELECT tenant_id, toDate(first_seen) AS day, max(time) AS last_time FROM ${database}.alerts GROUP BY tenant_id, day;
