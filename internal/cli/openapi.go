package cli

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/api"
)

type openAPI struct{}

// Run prints the OpenAPI document that a server answers at /openapi.json.
func (openAPI) Run(env Environment) error {
	text, err := api.Description()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Out, string(text))
	return err
}
