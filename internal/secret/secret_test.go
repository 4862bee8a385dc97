package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dealwright/dealwright/internal/secret"
)

func TestOpensWithItsKeyAtItsPlaceOnly(t *testing.T) {
	t.Parallel()
	key, value := secret.New(), []byte("32 bytes of a pseudonym key, say")
	sealed := key.Seal("tenants.pseudonym_key:17", value)
	if bytes.Contains(sealed, value[:8]) {
		t.Error("the value can be read without the key")
	}
	if got, err := key.Open("tenants.pseudonym_key:17", sealed); err != nil || !bytes.Equal(got, value) {
		t.Errorf("opened: %q, %v", got, err)
	}
	if bytes.Equal(sealed, key.Seal("tenants.pseudonym_key:17", value)) {
		t.Error("sealing twice gives the same")
	}
	for name, open := range map[string]func() ([]byte, error){
		"another place": func() ([]byte, error) { return key.Open("tenants.pseudonym_key:18", sealed) },
		"another key":   func() ([]byte, error) { return secret.New().Open("tenants.pseudonym_key:17", sealed) },
		"nothing":       func() ([]byte, error) { return key.Open("tenants.pseudonym_key:17", nil) },
	} {
		if got, err := open(); !errors.Is(err, secret.ErrNotOpened) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for i := range sealed { // every byte counts, the form and the nonce too
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 1
		if got, err := key.Open("tenants.pseudonym_key:17", damaged); !errors.Is(err, secret.ErrNotOpened) {
			t.Fatalf("byte %d changed: %q, %v", i, got, err)
		}
	}
	for n := range sealed {
		if got, err := key.Open("tenants.pseudonym_key:17", sealed[:n]); !errors.Is(err, secret.ErrNotOpened) {
			t.Fatalf("cut off at %d: %q, %v", n, got, err)
		}
	}
	if got, err := key.Open("p", key.Seal("p", nil)); err != nil || len(got) != 0 {
		t.Errorf("nothing sealed is %q, %v", got, err)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	key := secret.New()
	for _, text := range []string{key.Text(), " " + key.Text() + "\n", strings.TrimRight(key.Text(), "=")} {
		if got, err := secret.Parse(text); err != nil || got.Fingerprint() != key.Fingerprint() {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "secret", key.Text()[:40], key.Text() + "AAAA", base64.StdEncoding.EncodeToString(make([]byte, 31))} {
		if got, err := secret.Parse(text); err == nil || len(text) > 0 && len(text) > 40 && strings.Contains(err.Error(), text) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestNothingPrintsAKey(t *testing.T) {
	t.Parallel()
	key := secret.New()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("key", "key", key, "in", struct{ Key *secret.Key }{key})
	for _, shown := range []string{fmt.Sprint(key), fmt.Sprintf("%+v", key), fmt.Sprintf("%#v", key), fmt.Sprintf("%v", struct{ Key *secret.Key }{key}), log.String()} {
		for _, form := range []string{key.Text(), fmt.Sprintf("%d", key.Bytes()), hex.EncodeToString(key.Bytes())} {
			if strings.Contains(shown, form) {
				t.Errorf("a key is shown: %s", shown)
			}
		}
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	given, filed := secret.New(), secret.New()
	file := filepath.Join(dir, "given.key")
	if err := os.WriteFile(file, []byte(filed.Text()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "data")
	made, err := secret.Source{Dir: folder}.Make()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		source secret.Source
		want   *secret.Key
	}{
		{secret.Source{Text: given.Text(), File: file, Dir: folder}, given},
		{secret.Source{File: file, Dir: folder}, filed},
		{secret.Source{Dir: folder}, made},
		{secret.Source{Dir: dir}, nil},
		{secret.Source{}, nil},
	} {
		got, err := c.source.Read()
		if err != nil || (got == nil) != (c.want == nil) || got != nil && got.Fingerprint() != c.want.Fingerprint() {
			t.Errorf("%v: %v, %v; want %v", c.source, got, err, c.want)
		}
	}
	for _, s := range []secret.Source{{Text: "not a key"}, {File: filepath.Join(dir, "missing")}, {File: dir}} {
		if got, err := s.Read(); err == nil || got != nil || strings.Contains(err.Error(), "not a key\n") {
			t.Errorf("%v: %v, %v", s, got, err)
		}
	}
}

// TestMakeNeverReplaces: of many who make a key at once, one does, and what there is stays.
func TestMakeNeverReplaces(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	var mu sync.Mutex
	var made []*secret.Key
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			key, err := secret.Source{Dir: dir}.Make()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				made = append(made, key)
			} else if !errors.Is(err, fs.ErrExist) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	there, err := secret.Source{Dir: dir}.Read()
	if err != nil || len(made) != 1 || there.Fingerprint() != made[0].Fingerprint() {
		t.Errorf("made %v, there is %v, %v", made, there, err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder has %v, %v", files, err)
	}
	if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	for _, s := range []secret.Source{{Text: there.Text()}, {File: filepath.Join(dir, "other")}, {}} {
		if _, err := s.Make(); err == nil {
			t.Errorf("%v makes a key", s)
		}
	}
}
