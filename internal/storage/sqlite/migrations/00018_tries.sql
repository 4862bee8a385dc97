-- +goose Up

-- Passwords that were tried lately, by whom: SHA-256 of the e-mail and the address of the caller.
CREATE TABLE sign_in_tries (
    visitor BLOB    PRIMARY KEY,
    tries   INTEGER NOT NULL,
    since   INTEGER NOT NULL                    -- the first of them; all go when the window from here has passed
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_tries_since ON sign_in_tries (since);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead
