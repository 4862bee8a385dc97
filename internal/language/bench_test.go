package language

import (
	"strings"
	"testing"
)

// BenchmarkDutch is what one sentence costs, a plain one and one that is made of many.
func BenchmarkDutch(b *testing.B) {
	for name, text := range map[string]string{
		"plain": "The provider was not made.",
		"nested": "Activity “deal 103” is not there. Delivery dlv_1, received at 2026-01-05T12:00:00Z, has “103” in id. Processor “Source”: It failed, and nothing of it stands: " +
			"step s5, moment: \"soon\" is no datetime: it is read as 2025-12-10 or 2025-12-10 19:00:00. Say how it is written, format=\"DD-MM-YYYY\", or give a default.",
		"foreign": strings.Repeat("a, b and c of d: e. ", 200),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Dutch(text)
			}
		})
	}
}
