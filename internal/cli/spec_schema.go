package cli

import (
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/schema"
)

type schemaOfSpecs struct{}

// Run prints the schema of specs as this release reads them.
func (schemaOfSpecs) Run(env Environment) error {
	_, err := env.Out.Write(schema.JSON(library.Standard()))
	return err
}
