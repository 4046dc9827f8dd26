-- A disposition says why in a few words, beside its comment.
ALTER TABLE dispositions ADD COLUMN reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200);

-- How each alert stands: its newest disposition and assignment, which remain the history. One row an
-- alert, so that lists, figures of rules, the live stream and the copy in ClickHouse need not look
-- through the history.
CREATE TABLE triage_states (
  tenant_id text NOT NULL REFERENCES tenants,
  alert_id uuid NOT NULL,
  rule_id text NOT NULL,
  verdict text NOT NULL DEFAULT 'open' CHECK (verdict IN ('open', 'true_positive', 'false_positive', 'benign')),
  reason text NOT NULL DEFAULT '',
  -- Of the newest disposition; empty and null while there is none.
  author text NOT NULL DEFAULT '',
  decided_at timestamptz,
  assignee text NOT NULL DEFAULT '',
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  -- Counts the changes of this alert; of copies elsewhere the one with the highest counts.
  revision bigint NOT NULL DEFAULT 1,
  -- The transaction of the newest change. Below the oldest transaction under way all are known, so
  -- that a stream asks from there on and misses none that commits late.
  changed_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- Whether ClickHouse has this revision.
  mirrored boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, alert_id)
);

-- The owner is bound by the policies too, and here it looks at all tenants once.
ALTER TABLE dispositions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE assignments NO FORCE ROW LEVEL SECURITY;
INSERT INTO triage_states (tenant_id, alert_id, rule_id, verdict, author, decided_at, assignee, changed_by, changed_at)
SELECT tenant_id, alert_id, coalesce(d.rule_id, ''), coalesce(d.verdict, 'open'), coalesce(d.author, ''), d.at,
  coalesce(a.assignee, ''), CASE WHEN d.at IS NULL OR a.at > d.at THEN a.author ELSE d.author END, greatest(d.at, a.at)
FROM (SELECT DISTINCT ON (tenant_id, alert_id) * FROM dispositions ORDER BY tenant_id, alert_id, ordinal DESC) d
FULL JOIN (SELECT DISTINCT ON (tenant_id, alert_id) * FROM assignments ORDER BY tenant_id, alert_id, ordinal DESC) a
  USING (tenant_id, alert_id);
ALTER TABLE dispositions FORCE ROW LEVEL SECURITY;
ALTER TABLE assignments FORCE ROW LEVEL SECURITY;

CREATE INDEX triage_states_by_change ON triage_states (tenant_id, changed_in);
CREATE INDEX triage_states_by_rule ON triage_states (tenant_id, rule_id) WHERE verdict <> 'open';
CREATE INDEX triage_states_unmirrored ON triage_states (tenant_id, alert_id) WHERE NOT mirrored;
CALL tidewatch_guard('triage_states', 'SELECT, INSERT, UPDATE, DELETE', system_reads => true);
