-- What was changed and what was refused. Each record carries the hash of the one before; nobody, not
-- even the tables' owner, changes or removes one without taking the trigger away first.

CREATE TABLE audit_log (
  tenant_id text NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  at_micros bigint NOT NULL,
  actor text NOT NULL,
  method text NOT NULL,
  resource text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('changed', 'refused')),
  detail text NOT NULL,
  request_id text NOT NULL,
  remote_address text NOT NULL,
  previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (tenant_id, sequence)
);
CREATE INDEX audit_log_by_time ON audit_log (tenant_id, at_micros);
CALL tidewatch_guard('audit_log', 'SELECT, INSERT');

CREATE TABLE audit_roots (
  tenant_id text NOT NULL,
  -- UTC day that the records are of.
  day date NOT NULL,
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  root bytea NOT NULL CHECK (length(root) = 32),
  -- SHA-256 of the public key, X.509 DER.
  key_id bytea NOT NULL CHECK (length(key_id) = 32),
  signature bytea NOT NULL,
  signed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, day)
);
CALL tidewatch_guard('audit_roots', 'SELECT, INSERT');

CREATE FUNCTION tidewatch_refuse() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION tidewatch_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_roots
  FOR EACH STATEMENT EXECUTE FUNCTION tidewatch_refuse();
