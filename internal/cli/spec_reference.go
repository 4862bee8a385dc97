package cli

import (
	"os"
	"path/filepath"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/reference"
)

type referenceOfSpecs struct {
	Folder string `arg:"" help:"Where to write it; made if it is not there." type:"path"`
}

// Run writes the reference of the language as this release has it. Files of other names in the folder stay.
func (c referenceOfSpecs) Run() error {
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return err
	}
	for _, page := range reference.Pages(library.Standard()) {
		if err := os.WriteFile(filepath.Join(c.Folder, page.Name), []byte(page.Content), 0o644); err != nil {
			return err
		}
	}
	return nil
}
