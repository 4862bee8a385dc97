// Package examples has the specs of this folder, so that the demo runs the very files that people read and tests check.
// It never reads anything else.
package examples

import "embed"

// Specs are the specs, by folder: "quote-to-order/spec.yaml".
//
//go:embed */spec.yaml
var Specs embed.FS
