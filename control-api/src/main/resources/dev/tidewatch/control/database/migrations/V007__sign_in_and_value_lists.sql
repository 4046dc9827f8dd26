-- Where a user signs in, what its password is good for, and value lists on their way to the job.

-- `local`: here, with a password. `oidc`: at the OpenID Connect issuer; the row is made at the first
-- sign-in, so that a user can be seen, disabled and given roles.
ALTER TABLE users
  ADD COLUMN origin text NOT NULL DEFAULT 'local' CHECK (origin IN ('local', 'oidc')),
  -- The password was made by somebody else, and is good for nothing but to be changed.
  ADD COLUMN must_change boolean NOT NULL DEFAULT false,
  -- When a one-time password ends; NULL: never.
  ADD COLUMN password_until timestamptz;

-- The server tells the topic rules of all tenants' lists.
CREATE POLICY system_reads ON value_lists FOR SELECT USING (tidewatch_tenant() = 'system');
