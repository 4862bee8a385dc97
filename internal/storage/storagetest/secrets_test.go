package storagetest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/secret"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
	tenants "github.com/dealwright/dealwright/internal/tenant"
)

// TestTheKeyOfADatabase: the first start makes a key, later ones must have it, and nobody gets another one silently.
func TestTheKeyOfADatabase(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		folder := secret.Source{Dir: d.Options.Dir}
		d.Options.Secret = folder
		db, err := d.Try(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		made, err := found(t, db, true)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(d.Options.Dir, secret.FileName)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		key, err := secret.Parse(string(text))
		if err != nil {
			t.Fatal(err)
		}
		beside := t.TempDir()
		other, kept := filepath.Join(beside, "other"), filepath.Join(beside, "kept")
		for path, k := range map[string]*secret.Key{other: secret.New(), kept: key} {
			if err := os.WriteFile(path, []byte(k.Text()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name   string
			source secret.Source
			want   string // of the error; "": it opens
		}{
			{"gone", folder, "secret key " + key.Fingerprint() + " of this database is not there: " + file},
			{"another file", secret.Source{File: other}, "secret key of this database is " + key.Fingerprint() + ", and " + other + " has "},
			{"another text", secret.Source{Text: secret.New().Text()}, "DEALWRIGHT_SECRET_KEY has "},
			{"no key", secret.Source{Text: "tomorrow"}, "DEALWRIGHT_SECRET_KEY: a secret key is 32 random bytes in base64"},
			{"no file", secret.Source{File: filepath.Join(beside, "none")}, "no such file"},
			{"the file", secret.Source{File: kept}, ""},
			{"the text", secret.Source{Text: key.Text()}, ""},
		} {
			d.Options.Secret = c.source
			db, err := d.Try(t.Context())
			switch {
			case err == nil && c.want != "":
				t.Errorf("%s: it opens", c.name)
			case err != nil && (c.want == "" || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "tomorrow")):
				t.Errorf("%s: %v; want %q", c.name, err, c.want)
			}
			if err != nil {
				continue
			}
			if got, err := db.Tenant(t.Context(), made.ID); err != nil || !bytes.Equal(got.PseudonymKey, made.PseudonymKey) {
				t.Errorf("%s: the tenant's key is %x, %v", c.name, got.PseudonymKey, err)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
		if _, err := os.Stat(file); err == nil {
			t.Error("a second key was made")
		}
	})
}

// TestNodesShareTheKey: where none is given, PostgreSQL keeps one for all nodes, until it goes under one that is given.
func TestNodesShareTheKey(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		if d.Options.URL == "" {
			return // a file has one node
		}
		db := d.Open(t)
		made, err := found(t, db, true)
		if err != nil {
			t.Fatal(err)
		}
		d.Options.Dir = t.TempDir()
		node := d.Open(t)
		if got, err := node.Tenant(t.Context(), made.ID); err != nil || !bytes.Equal(got.PseudonymKey, made.PseudonymKey) {
			t.Errorf("on another node the tenant's key is %x, %v; want %x", got.PseudonymKey, err, made.PseudonymKey)
		}
		given := secret.New()
		if err := node.Reseal(t.Context(), given); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Try(t.Context()); err == nil || !strings.Contains(err.Error(), "secret key "+given.Fingerprint()+" of this database is not given") {
			t.Errorf("without the key: %v", err)
		}
		d.Options.Secret = secret.Source{Text: given.Text()}
		if got, err := d.Open(t).Tenant(t.Context(), made.ID); err != nil || !bytes.Equal(got.PseudonymKey, made.PseudonymKey) {
			t.Errorf("with the key the tenant's is %x, %v", got.PseudonymKey, err)
		}
	})
}

// TestAKeyInTheDatabaseIsTold: whoever looks is told where the key is, and bodies are kept only where it is elsewhere.
func TestAKeyInTheDatabaseIsTold(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		inDatabase := d.Options.URL != ""
		db := d.Open(t)
		made, err := found(t, db, true)
		if err != nil {
			t.Fatal(err)
		}
		keepRaw := func(db *storage.DB, days int) error {
			_, err := db.ChangeTenant(t.Context(), made.ID, func(t tenants.Tenant) (tenants.Tenant, error) {
				return t.With(tenants.Change{RawDays: &days}, t.ProviderTypes)
			})
			return err
		}
		told := func(db *storage.DB, want bool) {
			t.Helper()
			settings, err := db.Settings(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			last := settings[len(settings)-1]
			if last.Name != "secret_key" || !last.OK || (last.Note == storage.KeyInDatabase) != want {
				t.Errorf("the doctor sees %+v", last)
			}
			if keeps, err := db.KeepsKey(t.Context()); keeps != want || err != nil {
				t.Errorf("the database keeps its key: %v, %v", keeps, err)
			}
		}
		told(db, inDatabase)
		if !inDatabase {
			if err := keepRaw(db, 7); err != nil {
				t.Error(err)
			}
			return
		}
		refused := fault.Of(keepRaw(db, 7))
		if refused.Kind != fault.Conflict || len(refused.Details) != 1 || refused.Details[0].Field != "raw_days" || !strings.Contains(refused.Details[0].Hint, "dealwright reseal") {
			t.Errorf("raw_days are refused with %+v", refused)
		}
		if err := keepRaw(db, 0); err != nil {
			t.Errorf("what is off stays off: %v", err)
		}
		if got, err := db.Tenant(t.Context(), made.ID); err != nil || got.RawDays != 0 || got.RawKey != nil {
			t.Errorf("the tenant keeps bodies for %d days, %v", got.RawDays, err)
		}
		given := secret.New()
		if err := db.Reseal(t.Context(), given); err != nil {
			t.Fatal(err)
		}
		d.Options.Secret = secret.Source{Text: given.Text()}
		apart := d.Open(t)
		told(apart, false)
		if err := keepRaw(apart, 7); err != nil {
			t.Error(err)
		}
	})
}

// TestWhatLooksOnlyNeedsNoKey: the doctor sees whether the key fits, and opens nothing.
func TestWhatLooksOnlyNeedsNoKey(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		folder := secret.Source{Dir: d.Options.Dir}
		d.Options.Secret = folder
		db := d.Open(t)
		if _, err := found(t, db, true); err != nil {
			t.Fatal(err)
		}
		d.Options.ReadOnly = true
		for _, c := range []struct {
			source secret.Source
			ok     bool
		}{
			{folder, true}, {secret.Source{Dir: t.TempDir()}, false}, {secret.Source{Text: secret.New().Text()}, false}, {secret.Source{Text: "none"}, false},
		} {
			d.Options.Secret = c.source
			settings, err := d.Open(t).Settings(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if last := settings[len(settings)-1]; last.Name != "secret_key" || last.OK != c.ok {
				t.Errorf("%v: %+v", c.source, last)
			}
		}
	})
}

// TestReseal: all that is sealed goes under the new key, and who has the database open with the old one changes nothing.
func TestReseal(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		d.Options.Secret = secret.Source{Dir: d.Options.Dir}
		db := d.Open(t)
		made, err := found(t, db, true)
		if err != nil {
			t.Fatal(err)
		}
		days := 30
		if made, err = db.ChangeTenant(t.Context(), made.ID, func(t tenants.Tenant) (tenants.Tenant, error) {
			return t.With(tenants.Change{RawDays: &days}, t.ProviderTypes)
		}); err != nil {
			t.Fatal(err)
		}
		before := stored(t, db, made)
		key := secret.New()
		if err := db.Reseal(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		after := stored(t, db, made)
		for i, column := range []string{"pseudonym_key", "raw_key"} {
			place := "tenants." + column + ":1"
			want := [][]byte{made.PseudonymKey, made.RawKey}[i]
			if got, err := key.Open(place, after[i]); err != nil || !bytes.Equal(got, want) || bytes.Equal(before[i], after[i]) || bytes.Contains(after[i], want) {
				t.Errorf("%s is %x, %v", column, got, err)
			}
		}
		rename := func(t tenants.Tenant) (tenants.Tenant, error) { t.Name = "other"; return t, nil }
		if _, err := db.ChangeTenant(t.Context(), made.ID, rename); err == nil {
			t.Error("a node with the old key changes a tenant")
		}
		if err := db.Reseal(t.Context(), secret.New()); err == nil || !strings.Contains(err.Error(), key.Fingerprint()) {
			t.Errorf("a node with the old key seals again: %v", err)
		}
		if _, err := found(t, db, false); err == nil {
			t.Error("a node with the old key makes a tenant")
		}
	})
}

// stored are the sealed values of a tenant.
func stored(t *testing.T, db *storage.DB, of tenants.Tenant) [2][]byte {
	t.Helper()
	var values [2][]byte
	err := db.Read(t.Context(), func(tx *storage.Tx) error {
		return tx.QueryRow("SELECT pseudonym_key, raw_key FROM tenants WHERE id = ?", of.ID).Scan(&values[0], &values[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// TestASealedKeyBelongsToItsTenant: put into the row of another tenant it does not open.
func TestASealedKeyBelongsToItsTenant(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		one, err := found(t, db, true)
		if err != nil {
			t.Fatal(err)
		}
		value := stored(t, db, one)[0]
		err = db.Write(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Exec(`INSERT INTO tenants (id, name, time_zone, country, record_kinds, projects, provider_types, pseudonym_key, created_at, updated_at)
				VALUES (99, 'U', 'UTC', '+31', '[]', 0, '[]', ?, 1, 1)`, value)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Tenant(t.Context(), 99); err == nil || !strings.Contains(err.Error(), "tenants.pseudonym_key:99: the sealed value does not open") {
			t.Errorf("another tenant's key opens: %v", err)
		}
	})
}
