-- +goose Up

-- Contact follow-up finds the records of one contact by these. Each costs a page per run that names a contact, so the
-- kinds that it does not see have none.
CREATE INDEX activities_contact ON activities (provider_id, contact_key) WHERE contact_key IS NOT NULL;
CREATE INDEX periods_contact ON periods (provider_id, contact_key) WHERE contact_key IS NOT NULL;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead
