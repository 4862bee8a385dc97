package web

import "embed"

// Looks is what the guide shares with the user interface as it is written, also where that was not built: the tokens,
// the fonts, the icon, and the script that sets the theme before the first paint.
//
//go:embed src/styles/tokens.css src/styles/fonts.css src/styles/fonts/*.woff2 public/theme.js public/favicon.svg
var Looks embed.FS
