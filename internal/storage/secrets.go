package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/secret"
)

// sealedColumns are where values are kept under the master key for good, each bound to its table, column and row. Kept
// answers are sealed as well, for a day; another key forgets them.
var sealedColumns = []struct{ table, column string }{
	{"tenants", "pseudonym_key"},
	{"tenants", "raw_key"},
	{"providers", "secrets"},
}

// placeOf binds a sealed value to its row.
func placeOf(table, column string, id int64) string {
	return table + "." + column + ":" + strconv.FormatInt(id, 10)
}

// Unlock finds the master key that what is sealed in the database is under. A database that has none yet gets the one of
// the options, or a new one: in the data folder where the database is a file there, else in the database itself, where
// every node finds it. It refuses another key than the database has. Only engine packages call it, at the end of Open;
// one that is open for reading may lack the key.
func (db *DB) Unlock(ctx context.Context, o Options) error {
	source := o.Secret
	if source.Dir == "" && o.URL == "" {
		source.Dir = o.Dir
	}
	wanted, kept, err := db.masterKey(ctx)
	if err != nil {
		return err
	}
	key, err := source.Read()
	if key == nil && err == nil {
		key = kept
	}
	if o.ReadOnly {
		db.secretKey(wanted, key, err)
		return nil
	}
	switch {
	case err != nil:
		return err
	case key == nil && wanted != "":
		return fmt.Errorf("%w; put it there, or give it with --secret-key-file or %s", missingKey(wanted, source), secret.Variable)
	case key == nil && source.Dir == "":
		key = secret.New()
		if wanted, key, err = db.adopt(ctx, key, true); err != nil {
			return err
		}
	case key == nil:
		if key, err = source.Make(); err != nil {
			return err
		}
	}
	if wanted == "" {
		if wanted, _, err = db.adopt(ctx, key, false); err != nil {
			return err
		}
	}
	if key == nil {
		return missingKey(wanted, source) // another node was first, with a key that is given to it
	}
	if wanted != key.Fingerprint() {
		return fmt.Errorf("the secret key of this database is %s, and %s has %s; give the right one with --secret-key-file or %s", wanted, source, key.Fingerprint(), secret.Variable)
	}
	db.secretKey(wanted, key, nil)
	return nil
}

func missingKey(wanted string, source secret.Source) error {
	if source.String() == "" {
		return fmt.Errorf("the secret key %s of this database is not given", wanted)
	}
	return fmt.Errorf("the secret key %s of this database is not there: %s does not exist", wanted, source)
}

// secretKey makes the key that of the database, if it is, and says so among the settings.
func (db *DB) secretKey(wanted string, key *secret.Key, err error) {
	found := Setting{Name: "secret_key", Value: "not found", Want: wanted}
	switch {
	case err != nil:
		found.Value = err.Error()
	case key != nil:
		found.Value = key.Fingerprint()
	}
	if found.OK = found.Value == wanted; found.OK {
		db.b.key = key
	}
	if wanted == "" { // nothing is sealed yet
		found.OK = err == nil
	}
	settings := db.b.Settings
	db.b.Settings = func(ctx context.Context) ([]Setting, error) {
		all, err := settings(ctx)
		if err != nil {
			return nil, err
		}
		now := found
		keeps, err := db.KeepsKey(ctx)
		if keeps {
			now.Note = KeyInDatabase
		}
		return append(all, now), err
	}
}

// KeyInDatabase says what it means that a database keeps its own key, and what to do about it.
const KeyInDatabase = "the database keeps its secret key itself, so whoever has a copy of the database, such as a dump or a backup, can open what is sealed in it; to keep the key apart, stop all servers, run dealwright reseal --new-secret-key-file FILE, and start them with --secret-key-file FILE or " + secret.Variable

// KeepsKey reports whether the database keeps its own master key, since none was given when it was made.
func (db *DB) KeepsKey(ctx context.Context) (keeps bool, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		keeps, err = tx.keepsKey()
		return err
	})
	return keeps, err
}

func (t *Tx) keepsKey() (bool, error) {
	return t.exists("SELECT 1 FROM secret_keys WHERE kept IS NOT NULL")
}

// keyForRaw refuses raw bodies where the key that they are sealed under lies beside them: sealing them would protect
// nobody.
func (t *Tx) keyForRaw() error {
	keeps, err := t.keepsKey()
	if err != nil || !keeps {
		return err
	}
	return fault.New(fault.Conflict, "The settings were not changed.").With(fault.Detail{
		Field: "raw_days", Code: "key_in_database",
		Message: "Raw bodies are not kept here: the database keeps the secret key that they would be sealed under, so whoever has a copy of it could read them.",
		Hint:    "Stop all servers, run dealwright reseal --new-secret-key-file FILE, start them with --secret-key-file FILE or " + secret.Variable + ", and then set raw_days.",
	})
}

// masterKey gives the fingerprint of the master key, "" for none yet, and the key itself where the database keeps it.
func (db *DB) masterKey(ctx context.Context) (fingerprint string, kept *secret.Key, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		fingerprint, kept, err = tx.masterKey()
		return err
	})
	return fingerprint, kept, err
}

func (t *Tx) masterKey() (fingerprint string, kept *secret.Key, err error) {
	var bytes []byte
	err = t.QueryRow("SELECT fingerprint, kept FROM secret_keys WHERE id = 1").Scan(&fingerprint, &bytes)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil, nil
	case err == nil && bytes != nil:
		kept, err = secret.Of(bytes)
	}
	return fingerprint, kept, err
}

// adopt makes the key that of the database, which may keep it; unless another node was first. It gives what the database
// then has.
func (db *DB) adopt(ctx context.Context, key *secret.Key, keep bool) (fingerprint string, kept *secret.Key, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if fingerprint, kept, err = tx.masterKey(); err != nil || fingerprint != "" {
			return err
		}
		fingerprint = key.Fingerprint()
		if keep {
			kept = key
		}
		return tx.reseal(nil, key, kept)
	})
	return fingerprint, kept, err
}

// Reseal puts everything that is sealed under another master key. Nodes that have the database open with the present one
// must be started again with the new one. Kept answers are forgotten: there may be gigabytes of them, for a day at most.
func (db *DB) Reseal(ctx context.Context, key *secret.Key) error {
	return db.Write(ctx, func(tx *Tx) error {
		if err := tx.ownKey(); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM kept_answers"); err != nil {
			return err
		}
		return tx.reseal(db.b.key, key, nil)
	})
}

// reseal goes from one key to another; from nil, what is there is not sealed yet. Kept is the key where the database is
// to keep it: nil forgets one that it kept.
func (t *Tx) reseal(from, to, kept *secret.Key) error {
	for _, s := range sealedColumns {
		type row struct {
			id    int64
			value []byte
		}
		var rows []row
		err := t.Each(func(scan *sql.Rows) error {
			var r row
			err := scan.Scan(&r.id, &r.value)
			rows = append(rows, r)
			return err
		}, "SELECT id, "+s.column+" FROM "+s.table+" WHERE "+s.column+" IS NOT NULL")
		if err != nil {
			return err
		}
		for _, r := range rows {
			place, value := placeOf(s.table, s.column, r.id), r.value
			if from != nil {
				if value, err = from.Open(place, value); err != nil {
					return fmt.Errorf("%s: %w", place, err)
				}
			}
			if _, err := t.Exec("UPDATE "+s.table+" SET "+s.column+" = ? WHERE id = ?", to.Seal(place, value), r.id); err != nil {
				return err
			}
		}
	}
	var bytes any
	if kept != nil {
		bytes = kept.Bytes()
	}
	_, err := t.Exec("INSERT INTO secret_keys (id, fingerprint, kept) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, kept = excluded.kept", to.Fingerprint(), bytes)
	return err
}

// ownKey refuses to go on when the database has got another key since it was opened.
func (t *Tx) ownKey() error {
	wanted, _, err := t.masterKey()
	if err == nil && (t.b.key == nil || wanted != t.b.key.Fingerprint()) {
		err = fmt.Errorf("the secret key of this database is now %s; start this node again with it", wanted)
	}
	return err
}

// seal gives a value as an argument of a statement: sealed for its row; NULL for nil.
func (t *Tx) seal(table, column string, id int64, value []byte) (any, error) {
	if value == nil {
		return nil, nil
	}
	if err := t.ownKey(); err != nil {
		return nil, err
	}
	return t.b.key.Seal(placeOf(table, column, id), value), nil
}

// open gives a value that a row keeps sealed; nil stays nil.
func (t *Tx) open(table, column string, id int64, sealed []byte) ([]byte, error) {
	if sealed == nil {
		return nil, nil
	}
	if t.b.key == nil {
		return nil, fmt.Errorf("%s is sealed, and the database was opened without its secret key", placeOf(table, column, id))
	}
	value, err := t.b.key.Open(placeOf(table, column, id), sealed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", placeOf(table, column, id), err)
	}
	return value, nil
}
