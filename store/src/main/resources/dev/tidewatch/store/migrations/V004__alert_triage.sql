-- How alerts stand, beside the alerts, which never change: a copy of what the control database has,
-- for searches that ask for it. Alerts of which nothing was ever said have no row.
CREATE TABLE IF NOT EXISTS ${database}.alert_triage ${on_cluster} (
  tenant_id LowCardinality(String) COMMENT 'Tenant that the alert belongs to; every query names one',
  alert_id UUID COMMENT 'Id of the alert',
  verdict Enum8('open' = 1, 'true_positive' = 2, 'false_positive' = 3, 'benign' = 4) COMMENT 'Its newest disposition',
  assignee LowCardinality(String) COMMENT 'Whom it is assigned to, empty for nobody',
  revision UInt64 COMMENT 'Counts the changes of an alert; of its rows the one with the highest is shown',
  stored_time DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When this row was inserted, by the server clock'
)
ENGINE = ${replacing_merge_tree}(revision)
ORDER BY (tenant_id, alert_id)
COMMENT 'Triage of alerts; read with FINAL';
