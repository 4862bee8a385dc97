package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Where the key is looked for.
const (
	Variable = "DEALWRIGHT_SECRET_KEY"
	FileName = "secret.key" // in the data folder, where none is given
)

// Source says where the operator put the key: its text, a file, or a folder that has one or will get one.
type Source struct {
	Text string // as Key.Text; the first that is given counts
	File string // that must be there
	Dir  string // of FileName
}

// path of the key's file; "": it is given as text, or nowhere.
func (s Source) path() string {
	switch {
	case s.Text != "":
		return ""
	case s.File != "":
		return s.File
	case s.Dir != "":
		return filepath.Join(s.Dir, FileName)
	}
	return ""
}

// String says where the key comes from.
func (s Source) String() string {
	if s.Text != "" {
		return Variable
	}
	return s.path()
}

// Read gives the key; nil where none is given and the folder has none yet.
func (s Source) Read() (*Key, error) {
	if s.Text != "" {
		key, err := Parse(s.Text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", Variable, err)
		}
		return key, nil
	}
	path := s.path()
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && s.File == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the secret key: %w", err)
	}
	key, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// Make makes a key in the folder, on disk when it returns, and never over another one. Where no folder is given there
// is no place for one.
func (s Source) Make() (*Key, error) {
	if s.Text != "" || s.File != "" || s.Dir == "" {
		return nil, fmt.Errorf("there is no secret key, and no folder to make one in: give one with --secret-key-file or %s", Variable)
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a secret key: %w", err)
	}
	key := New()
	if err := key.write(s.path()); err != nil {
		return nil, fmt.Errorf("make a secret key: %w", err)
	}
	return key, nil
}

// write puts the key into a new file that only its owner may read: all of it, or no file.
func (k *Key) write(path string) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, FileName+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString(k.Text() + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil { // never over one that is there
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
