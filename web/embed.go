//go:build !noui

// Package web carries the built user interface inside the binary. It holds files and nothing else; package api serves
// them.
package web

import "embed"

// Dist is web/dist as `npm run build` left it. Without index.html the interface was not built.
//
//go:embed all:dist
var Dist embed.FS
