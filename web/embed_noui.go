//go:build noui

package web

import "embed"

// Dist is empty: this binary was built without the user interface.
var Dist embed.FS
