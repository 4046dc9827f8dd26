-- Records of Kafka that could not be read. The topic telemetry.dead is the truth; this is what the
-- console shows of it. A record is its topic, partition and offset, however often it is delivered.
CREATE TABLE IF NOT EXISTS ${database}.dead_letters ${on_cluster} (
  topic LowCardinality(String) COMMENT 'Kafka topic that the record was read from',
  partition Int32 COMMENT 'Its partition',
  offset Int64 COMMENT 'Its offset',
  time DateTime64(6, 'UTC') COMMENT 'When it was given up',
  stored_time DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'When this row was inserted, by the server clock; the newest row of an identity is kept',
  tenant_id LowCardinality(String) COMMENT 'Empty when the envelope itself could not be read',
  code LowCardinality(String) COMMENT 'Stable code of the reason, e.g. TW-E4001',
  reason String COMMENT 'One line: what is wrong and where',
  record_key String COMMENT 'The Kafka key, byte for byte',
  record String COMMENT 'The Kafka value, byte for byte' CODEC(ZSTD(3))
)
ENGINE = ${replacing_merge_tree}(stored_time)
ORDER BY (topic, partition, offset)
COMMENT 'Undecodable records; read with FINAL';
