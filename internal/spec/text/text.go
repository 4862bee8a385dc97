// Package text turns what people write into trees and back: formulas, YAML and JSON, with the place of everything in
// the user's own file, and the one formatter. It says what cannot be read; whether a spec makes sense is for package
// check.
package text
