-- Control state. Every table has tenant_id first and is under row-level security that binds the
-- table's owner too: without tidewatch.tenant set for the transaction no row is seen or written.
-- The tenant "system" is the operators'; it reads what belongs to the installation as a whole.

CREATE FUNCTION tidewatch_tenant() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('tidewatch.tenant', true), '');

COMMENT ON FUNCTION tidewatch_tenant() IS 'The tenant of this transaction; NULL, which equals nothing, where none is set';

-- Puts a table under row-level security and gives the application what it may do with it.
CREATE PROCEDURE tidewatch_guard(guarded regclass, privileges text, system_reads boolean DEFAULT false)
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
  EXECUTE format('CREATE POLICY own_tenant ON %s USING (tenant_id = tidewatch_tenant()) WITH CHECK (tenant_id = tidewatch_tenant())', guarded);
  IF system_reads THEN
    EXECUTE format('CREATE POLICY system_reads ON %s FOR SELECT USING (tidewatch_tenant() = ''system'')', guarded);
  END IF;
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', guarded);
  EXECUTE format('GRANT %s ON %s TO ${app_role}', privileges, guarded);
END $$;

CREATE TABLE tenants (
  tenant_id text PRIMARY KEY CHECK (tenant_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CALL tidewatch_guard('tenants', 'SELECT, INSERT, UPDATE', system_reads => true);

CREATE TABLE users (
  tenant_id text NOT NULL REFERENCES tenants,
  user_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  display_name text NOT NULL DEFAULT '',
  password_hash text NOT NULL,
  disabled boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id),
  UNIQUE (tenant_id, name)
);
CALL tidewatch_guard('users', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE user_roles (
  tenant_id text NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'analyst', 'engineer', 'responder', 'approver', 'billing', 'admin')),
  PRIMARY KEY (tenant_id, user_id, role),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CALL tidewatch_guard('user_roles', 'SELECT, INSERT, DELETE');

CREATE TABLE api_keys (
  tenant_id text NOT NULL REFERENCES tenants,
  key_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  kind text NOT NULL CHECK (kind IN ('secret', 'certificate')),
  -- SHA-256 of the 256 random bits, or of the client certificate (DER).
  secret_hash bytea NOT NULL CHECK (length(secret_hash) = 32),
  roles text[] NOT NULL,
  -- Permissions that the key is limited to; empty leaves those of its roles.
  scopes text[] NOT NULL DEFAULT '{}',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, key_id),
  UNIQUE (tenant_id, secret_hash)
);
CALL tidewatch_guard('api_keys', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE sessions (
  tenant_id text NOT NULL,
  -- SHA-256 of the token.
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  user_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, token_hash),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CREATE INDEX sessions_by_expiry ON sessions (tenant_id, expires_at);
CALL tidewatch_guard('sessions', 'SELECT, INSERT, DELETE');

CREATE TABLE idempotency (
  tenant_id text NOT NULL,
  actor text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
  method text NOT NULL,
  request_hash bytea NOT NULL,
  response bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, actor, key)
);
CALL tidewatch_guard('idempotency', 'SELECT, INSERT, DELETE');

CREATE TABLE retention (
  tenant_id text NOT NULL REFERENCES tenants,
  table_name text NOT NULL CHECK (table_name IN ('events', 'alerts')),
  days integer NOT NULL CHECK (days BETWEEN 1 AND 3650),
  PRIMARY KEY (tenant_id, table_name)
);
CALL tidewatch_guard('retention', 'SELECT, INSERT, UPDATE, DELETE', system_reads => true);

CREATE TABLE quotas (
  tenant_id text NOT NULL REFERENCES tenants,
  name text NOT NULL CHECK (name IN ('events_per_second', 'bytes_per_day', 'users', 'api_keys', 'rules')),
  limit_value bigint NOT NULL CHECK (limit_value >= 0),
  PRIMARY KEY (tenant_id, name)
);
CALL tidewatch_guard('quotas', 'SELECT, INSERT, UPDATE, DELETE', system_reads => true);

CREATE TABLE enrolment_tokens (
  tenant_id text NOT NULL REFERENCES tenants,
  token_id uuid NOT NULL,
  -- SHA-256 of the 32 bytes of the secret.
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  comment text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  used_by text,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, token_id)
);
CALL tidewatch_guard('enrolment_tokens', 'SELECT, INSERT, UPDATE, DELETE', system_reads => true);

CREATE TABLE value_lists (
  tenant_id text NOT NULL REFERENCES tenants,
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$'),
  version integer NOT NULL CHECK (version > 0),
  entries text[] NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, name)
);
CALL tidewatch_guard('value_lists', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE deletion_certificates (
  tenant_id text NOT NULL CHECK (tenant_id = 'system'),
  certificate_id uuid NOT NULL,
  deleted_tenant text NOT NULL,
  certificate bytea NOT NULL,
  issued_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, certificate_id)
);
CALL tidewatch_guard('deletion_certificates', 'SELECT, INSERT');
