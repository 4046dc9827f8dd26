-- Alerts (OCSF class Detection Finding, 2004), one row for each version of an alert.
--
-- first_seen is the start of an alert's episode and part of what its id is derived from, so it never
-- changes for an id: it may stand in the partition and sorting keys, and a time range is not a scan.
CREATE TABLE IF NOT EXISTS ${database}.alerts ${on_cluster} (
  tenant_id LowCardinality(String) COMMENT 'Tenant that the alert belongs to; every query names one',
  alert_id UUID COMMENT 'Derived from tenant, rule id, rule version, group key and episode start; the same alert always has the same id',
  rule_id String COMMENT 'Id of the rule that raised it',
  rule_version UInt32 COMMENT 'Version of the rule',
  rule_hash String COMMENT 'First 16 hex digits of SHA-256 over the rule source text',
  title String COMMENT 'Title of the rule',
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
  host String COMMENT 'The first entity of kind host',
  user String COMMENT 'The first entity of kind user',
  entities Array(Tuple(kind String, value String)) COMMENT 'What it is about; kinds: host, user, process, file, ip, domain, url, cloud_account, cloud_resource',
  evidence Array(Tuple(event_id UUID, time DateTime64(6, 'UTC'), fields Array(Tuple(field String, value String, selection String, operator String, pattern String)))) COMMENT 'Events that matched and, for each, the fields that made it match' CODEC(ZSTD(1)),
  technique_ids Array(LowCardinality(String)) COMMENT 'ATT&CK techniques in upper case, e.g. T1059.001',
  tactics Array(LowCardinality(String)) COMMENT 'ATT&CK tactics by short name, e.g. credential-access',
  tags Array(String) COMMENT 'Tags of the rule',
  stage Enum8('unspecified' = 0, 'shadow' = 1, 'live' = 2) COMMENT 'Stage of the rule when it raised this',
  reason String COMMENT 'One line that says why, from the matched fields',
  INDEX by_alert_id alert_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_time time TYPE minmax GRANULARITY 1,
  INDEX by_ingest_time ingest_time TYPE minmax GRANULARITY 1
)
ENGINE = ${replacing_merge_tree}(version)
PARTITION BY toYYYYMM(first_seen)
ORDER BY (tenant_id, toStartOfHour(first_seen), alert_id)
SETTINGS min_bytes_for_wide_part = 268435456, max_compress_block_size = 262144
COMMENT 'Alerts; read with FINAL';
