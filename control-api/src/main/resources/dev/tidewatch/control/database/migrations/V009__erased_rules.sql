-- A tenant that is deleted takes the texts of its own rules along.

-- When the text went, with title, file, comment and author; NULL: it is there. What stays of the version
-- is its id, its number and its hash.
ALTER TABLE rule_versions ADD COLUMN erased_at timestamptz;
