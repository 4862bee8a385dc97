// Package docs carries the guide inside the binary. It holds files and nothing else; package guide serves them.
package docs

import "embed"

// Guide is docs/guide: order.txt, the pages of each language, and their pictures.
//
//go:embed guide
var Guide embed.FS
