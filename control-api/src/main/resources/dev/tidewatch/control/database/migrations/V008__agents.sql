-- Agents, what they are told, and what came in of whom: what gateways and the control API share.

ALTER TABLE tenants ADD COLUMN IF NOT EXISTS suspended_at timestamptz;

ALTER TABLE quotas DROP CONSTRAINT quotas_name_check;
ALTER TABLE quotas ADD CONSTRAINT quotas_name_check CHECK (name IN
  ('events_per_second', 'bytes_per_second', 'burst_seconds', 'bytes_per_day', 'users', 'api_keys', 'rules'));

CREATE TABLE agents (
  tenant_id text NOT NULL REFERENCES tenants,
  agent_id uuid NOT NULL,
  host text NOT NULL,
  platform text NOT NULL,
  agent_version text NOT NULL,
  -- Of its hardware, hex.
  fingerprint text NOT NULL,
  enrolled_at timestamptz NOT NULL,
  certificate_serial text NOT NULL,
  certificate_not_after timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_reason text,
  clone_fingerprint text,
  -- Of all above: gateways ask for what has changed.
  changed_at timestamptz NOT NULL,
  -- What it reported last, written by gateways in bulk.
  gateway text NOT NULL DEFAULT '',
  last_seen timestamptz,
  configuration_version bigint NOT NULL DEFAULT 0,
  heartbeat bytea,
  PRIMARY KEY (tenant_id, agent_id)
) WITH (fillfactor = 70);
CREATE INDEX agents_by_change ON agents (changed_at);
CALL tidewatch_guard('agents', 'SELECT, INSERT, UPDATE, DELETE', system_reads => true);

CREATE TABLE agent_commands (
  tenant_id text NOT NULL REFERENCES tenants,
  command_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  -- A SignedCommand.
  signed bytea NOT NULL,
  issued_by text NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  sent_at timestamptz,
  -- A CommandResult: accepted first, then the final one.
  result bytea,
  answered_at timestamptz,
  PRIMARY KEY (tenant_id, command_id)
);
CREATE INDEX agent_commands_open ON agent_commands (expires_at) WHERE answered_at IS NULL;
CREATE INDEX agent_commands_of_agent ON agent_commands (tenant_id, agent_id, command_id);
CALL tidewatch_guard('agent_commands', 'SELECT, INSERT, UPDATE, DELETE', system_reads => true);

CREATE TABLE agent_configurations (
  tenant_id text NOT NULL REFERENCES tenants,
  -- Empty: of all agents that have none of their own.
  agent_id text NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  content text NOT NULL,
  -- A SignedConfiguration.
  signed bytea NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, agent_id)
);
CALL tidewatch_guard('agent_configurations', 'SELECT, INSERT, UPDATE, DELETE', system_reads => true);

CREATE TABLE ingest_usage (
  tenant_id text NOT NULL REFERENCES tenants,
  hour timestamptz NOT NULL,
  way text NOT NULL,
  events bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  over_quota bigint NOT NULL DEFAULT 0,
  over_quota_events bigint NOT NULL DEFAULT 0,
  refused_events bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, hour, way)
);
CALL tidewatch_guard('ingest_usage', 'SELECT, INSERT, UPDATE, DELETE', system_reads => true);

-- Public keys that parts of one installation show each other.
CREATE TABLE published_keys (
  tenant_id text NOT NULL CHECK (tenant_id = 'system'),
  -- command: Ed25519, SubjectPublicKeyInfo; gateway-ca: X.509. Both DER.
  purpose text NOT NULL,
  key_id text NOT NULL,
  content bytea NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, purpose, key_id)
);
CALL tidewatch_guard('published_keys', 'SELECT, INSERT, UPDATE');
