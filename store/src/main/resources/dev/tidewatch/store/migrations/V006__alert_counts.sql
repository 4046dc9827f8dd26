-- Counts of the days of alerts that are settled: one merged part to which nothing is written
-- (decision 0015). They are counts of a part, named by the hash of its files: what changes a day,
-- a late alert, a grown one, the retention, a deletion, makes another part, of which they are not.
CREATE TABLE IF NOT EXISTS ${database}.alert_counts ${on_cluster} (
  tenant_id LowCardinality(String) COMMENT 'Tenant that the alerts belong to',
  kind Enum8('level' = 1, 'rule' = 2, 'host' = 3, 'user' = 4, 'technique' = 5) COMMENT 'What name is',
  name LowCardinality(String) COMMENT 'Name of the level, id of the rule or technique, host or user; empty where an alert has none',
  began LowCardinality(String) COMMENT 'Partition of the table alerts that was counted',
  part LowCardinality(String) COMMENT 'Hash of the files of its only part',
  count_id UInt64 COMMENT 'One reading of that part; it is complete when alert_counted has it',
  shadow Bool COMMENT 'Of rules in shadow',
  time DateTime('UTC') COMMENT 'Hour of the alerts, of levels; their day, of all others',
  title String COMMENT 'Of rules: title at the last of the alerts',
  level Enum8('unspecified' = 0, 'informational' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Highest of the alerts',
  alerts UInt64 COMMENT 'How many',
  firsts UInt64 COMMENT 'Of techniques: alerts of which it is the first or that have none; of all others as alerts',
  first_time DateTime64(6, 'UTC') COMMENT 'Time of the first' CODEC(Delta, ZSTD(1)),
  last_time DateTime64(6, 'UTC') COMMENT 'Time of the last' CODEC(Delta, ZSTD(1)),
  counted_time DateTime('UTC') DEFAULT now('UTC') COMMENT 'When they were counted, by the server clock'
)
ENGINE = ${replacing_merge_tree}
ORDER BY (tenant_id, kind, name, began, count_id, shadow, time)
COMMENT 'Counts of settled days of alerts, made from the table alerts';
CREATE TABLE IF NOT EXISTS ${database}.alert_counted ${on_cluster} (
  tenant_id LowCardinality(String) COMMENT 'Tenant that the alerts belong to',
  began LowCardinality(String) COMMENT 'Partition of the table alerts that was counted',
  part LowCardinality(String) COMMENT 'Hash of the files of its only part',
  count_id UInt64 COMMENT 'The counts in alert_counts',
  alerts UInt64 COMMENT 'Alerts of the tenant in that part',
  counted_time DateTime('UTC') DEFAULT now('UTC') COMMENT 'When they were counted, by the server clock'
)
ENGINE = ${replacing_merge_tree}
ORDER BY (tenant_id, began, part, count_id)
COMMENT 'Which counts of days of alerts are complete';
