package pseudonym

import (
	"strings"
	"testing"
)

func TestGenerationsNeverMatch(t *testing.T) {
	t.Parallel()
	key := NewKey()
	seen := map[string]bool{}
	for generation := 1; generation <= MostGenerations; generation++ {
		made, err := Of(key, "+31", "email", "jan@example.test")
		if err != nil {
			t.Fatal(err)
		}
		want := "psn_"
		switch generation {
		case 1:
		case 2:
			want = "psn2_"
		case 255:
			want = "psn255_"
		default:
			want = "psn"
		}
		if Generation(key) != generation || !strings.HasPrefix(made, want) || seen[made[strings.Index(made, "_"):]] {
			t.Fatalf("generation %d makes %s", generation, made)
		}
		seen[made[strings.Index(made, "_"):]] = true
		if generation < MostGenerations {
			key = NextKey(key)
		}
	}
}
