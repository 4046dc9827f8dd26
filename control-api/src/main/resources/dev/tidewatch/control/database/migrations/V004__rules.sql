-- Rules as their authors write them. A version never changes; what is in force where is the rule's
-- row. The outbox is what the topic rules has yet to be told, in the order of its ids.

CREATE TABLE rules (
  tenant_id text NOT NULL REFERENCES tenants,
  rule_id text NOT NULL CHECK (length(rule_id) BETWEEN 1 AND 200),
  stage text NOT NULL CHECK (stage IN ('draft', 'shadow', 'live', 'retired')),
  -- The version in force; the newest may be ahead of it.
  active_version integer NOT NULL CHECK (active_version > 0),
  newest_version integer NOT NULL CHECK (newest_version >= active_version),
  -- Optimistic locking: a change names the revision that it was made on.
  revision bigint NOT NULL DEFAULT 1,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, rule_id)
);
CALL tidewatch_guard('rules', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE rule_versions (
  tenant_id text NOT NULL,
  rule_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  -- SHA-256 of the source text, 64 hex digits.
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  source text NOT NULL,
  comment text NOT NULL DEFAULT '',
  author text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, rule_id, version),
  FOREIGN KEY (tenant_id, rule_id) REFERENCES rules ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CALL tidewatch_guard('rule_versions', 'SELECT, INSERT, DELETE');

CREATE TABLE rule_outbox (
  tenant_id text NOT NULL REFERENCES tenants,
  outbox_id bigint GENERATED ALWAYS AS IDENTITY,
  rule_id text NOT NULL,
  version integer NOT NULL,
  record_key bytea NOT NULL,
  -- NULL is a tombstone.
  record bytea,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, outbox_id)
);
CREATE INDEX rule_outbox_in_order ON rule_outbox (outbox_id);
CALL tidewatch_guard('rule_outbox', 'SELECT, INSERT, DELETE', system_reads => true);
