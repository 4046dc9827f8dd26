-- The home of rules. They are shared by all tenants, so they are rows of the operators' tenant. A change
-- is one transaction: the records as they will be in the topic `rules`, their history, and an entry of
-- the outbox. The tables of V004 were never used: they kept a set of rules for each tenant.

DROP TABLE rule_outbox, rule_versions, rules;

-- What is recorded last and what the topic is known to have. Its lock is the order of revisions.
CREATE TABLE rule_head (
  tenant_id text PRIMARY KEY CHECK (tenant_id = 'system'),
  revision bigint NOT NULL CHECK (revision >= 0),
  -- dev.tidewatch.deploy.RuleBook.hash()
  hash text NOT NULL,
  published_revision bigint NOT NULL,
  published_hash text NOT NULL,
  -- Who made the revision and when.
  author text NOT NULL,
  changed_at timestamptz NOT NULL
);
CALL tidewatch_guard('rule_head', 'SELECT, INSERT, UPDATE');

-- The topic as it is when the outbox is empty: the newest record of each key, as it is in Kafka.
CREATE TABLE rule_records (
  tenant_id text NOT NULL CHECK (tenant_id = 'system'),
  record_key text NOT NULL,
  record bytea NOT NULL,
  -- Revision that wrote it.
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, record_key)
);
CALL tidewatch_guard('rule_records', 'SELECT, INSERT, UPDATE, DELETE');

-- Every text that a rule has had. Texts stay when the topic no longer has them.
CREATE TABLE rule_versions (
  tenant_id text NOT NULL CHECK (tenant_id = 'system'),
  rule_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  -- First 16 hex digits of SHA-256 over the source.
  hash text NOT NULL,
  title text NOT NULL,
  file text NOT NULL,
  source text NOT NULL,
  comment text NOT NULL CHECK (length(comment) <= 2000),
  author text NOT NULL,
  created_at timestamptz NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, rule_id, version)
);
CALL tidewatch_guard('rule_versions', 'SELECT, INSERT, UPDATE');

-- What was done to each rule; of a revision one row for each rule that it changed.
CREATE TABLE rule_changes (
  tenant_id text NOT NULL CHECK (tenant_id = 'system'),
  rule_id text NOT NULL,
  revision bigint NOT NULL,
  action text NOT NULL,
  version integer NOT NULL,
  -- tidewatch.events.v1.RulePlacement before and after; empty before the first.
  before bytea NOT NULL,
  after bytea NOT NULL,
  author text NOT NULL,
  comment text NOT NULL CHECK (length(comment) <= 2000),
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, rule_id, revision)
);
CALL tidewatch_guard('rule_changes', 'SELECT, INSERT, UPDATE');

-- Revisions that the topic does not have yet.
CREATE TABLE rule_outbox (
  tenant_id text NOT NULL CHECK (tenant_id = 'system'),
  revision bigint NOT NULL,
  -- Of the book that it was planned on: it is written behind that and nothing else.
  base_hash text NOT NULL,
  hash text NOT NULL,
  -- The records of the revision, its marker last: dev.tidewatch.control.deploy.RecordBytes.
  records bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, revision)
);
CALL tidewatch_guard('rule_outbox', 'SELECT, INSERT, DELETE');
