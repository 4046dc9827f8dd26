-- What people say about alerts. Alerts themselves stay as they are, in ClickHouse; these are events
-- beside them, and the newest of an alert is its state.

CREATE TABLE dispositions (
  tenant_id text NOT NULL REFERENCES tenants,
  disposition_id uuid NOT NULL,
  alert_id uuid NOT NULL,
  -- Of the alert, so that a rule's ratio of false positives needs no other table.
  rule_id text NOT NULL,
  rule_version integer NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('open', 'true_positive', 'false_positive', 'benign')),
  comment text NOT NULL CHECK (length(comment) <= 4000),
  author text NOT NULL,
  at timestamptz NOT NULL,
  -- In the order of writing, for events of one instant.
  ordinal bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (tenant_id, disposition_id)
);
CREATE INDEX dispositions_by_alert ON dispositions (tenant_id, alert_id, ordinal);
CREATE INDEX dispositions_by_rule ON dispositions (tenant_id, rule_id, ordinal);
CALL tidewatch_guard('dispositions', 'SELECT, INSERT, DELETE');

CREATE TABLE assignments (
  tenant_id text NOT NULL REFERENCES tenants,
  assignment_id uuid NOT NULL,
  alert_id uuid NOT NULL,
  -- A user's name; empty takes the assignment away.
  assignee text NOT NULL CHECK (length(assignee) <= 200),
  author text NOT NULL,
  at timestamptz NOT NULL,
  ordinal bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (tenant_id, assignment_id)
);
CREATE INDEX assignments_by_alert ON assignments (tenant_id, alert_id, ordinal);
CALL tidewatch_guard('assignments', 'SELECT, INSERT, DELETE');

CREATE TABLE saved_filters (
  tenant_id text NOT NULL REFERENCES tenants,
  filter_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  query text NOT NULL CHECK (length(query) <= 4000),
  owner text NOT NULL,
  shared boolean NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, filter_id),
  UNIQUE (tenant_id, owner, name)
);
CALL tidewatch_guard('saved_filters', 'SELECT, INSERT, UPDATE, DELETE');
