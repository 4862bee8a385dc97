package sqlite

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"
)

// gathered is what the aggregate gives of rows, by its lines.
func gathered(t *testing.T, columns string, rows []string) map[string]string {
	t.Helper()
	conn, err := sqlite3.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := addFunctions(conn); err != nil {
		t.Fatal(err)
	}
	if err := conn.Exec("CREATE TABLE r (a INTEGER, b INTEGER, c INTEGER, n ANY, m INTEGER) STRICT"); err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(rows, 100) {
		if err := conn.Exec("INSERT INTO r VALUES " + strings.Join(part, ", ")); err != nil {
			t.Fatal(err)
		}
	}
	stmt, _, err := conn.Prepare("SELECT " + cellsName + "(" + columns + ") FROM r")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	if !stmt.Step() {
		t.Fatal(stmt.Err())
	}
	all := map[string]string{}
	for line := range strings.Lines(stmt.ColumnText(0)) {
		at := strings.LastIndexByte(line, ' ')
		all[line[:at]] = strings.TrimSpace(line[at:])
	}
	return all
}

func texts(of map[string]*big.Rat) map[string]string {
	all := map[string]string{}
	for key, n := range of {
		all[key] = n.RatString()
	}
	return all
}

// TestCellsAreExact draws numbers of all lengths and adds them up as fractions.
func TestCellsAreExact(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 46))
	digits := func(most int) string {
		var b strings.Builder
		for range 1 + r.IntN(most) {
			b.WriteByte(byte('0' + r.IntN(10)))
		}
		return b.String()
	}
	whole := []int64{0, 1, -1, roomy, -roomy, roomy - 1, roomy + 1, math.MaxInt64, math.MinInt64}
	for _, as := range []string{"text", "whole"} {
		var rows []string
		sums, counts := map[string]*big.Rat{}, map[string]*big.Rat{}
		for range 3000 {
			key := fmt.Sprintf("%d %d %d", r.IntN(3)-1, r.IntN(2), r.IntN(2)*1_000_000)
			text := strings.Repeat("-", r.IntN(2)) + digits(20)
			if r.IntN(2) == 0 {
				text += "." + digits(8)
			}
			literal := "'" + text + "'"
			if as == "whole" {
				n := whole[r.IntN(len(whole))]
				text = fmt.Sprint(n)
				literal = "CAST('" + text + "' AS INTEGER)"
			}
			n, ok := new(big.Rat).SetString(text)
			if !ok {
				t.Fatalf("%q is no number", text)
			}
			for _, into := range []struct {
				sums map[string]*big.Rat
				n    *big.Rat
			}{{sums, n}, {counts, big.NewRat(1, 1)}} {
				if into.sums[key] == nil {
					into.sums[key] = new(big.Rat)
				}
				into.sums[key].Add(into.sums[key], into.n)
			}
			rows = append(rows, "("+strings.ReplaceAll(key, " ", ", ")+", "+literal+", 0)")
		}
		if diff := cmp.Diff(texts(sums), gathered(t, "a, b, c, n", rows)); diff != "" {
			t.Errorf("sums of %s differ (-want +got):\n%s", as, diff)
		}
		if diff := cmp.Diff(texts(counts), gathered(t, "a, b, c", rows)); diff != "" {
			t.Errorf("counts of %s differ (-want +got):\n%s", as, diff)
		}
	}
	if got := gathered(t, "a, b, c", nil); len(got) != 0 {
		t.Errorf("no rows are %v", got)
	}
}

// TestCellsCutStretches draws stretches, and counts how much of each lies between the edges unit by unit.
func TestCellsCutStretches(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 47))
	edges := []int64{10, 20, 21, 40}
	var rows []string
	want := map[string]*big.Rat{}
	for range 2000 {
		who := r.IntN(2)
		from := int64(r.IntN(60))
		to := from + int64(r.IntN(40)) - 2
		rows = append(rows, fmt.Sprintf("(0, %d, 0, %d, %d)", who, from, to))
		for at := from; at < to; at++ {
			i := slices.IndexFunc(edges, func(e int64) bool { return at < e })
			if i < 1 {
				continue
			}
			key := fmt.Sprintf("%d %d 0", i-1, who)
			if want[key] == nil {
				want[key] = new(big.Rat)
			}
			want[key].Add(want[key], big.NewRat(1, 1))
		}
	}
	if got := slices.Collect(maps.Keys(want)); len(got) != 6 {
		t.Fatalf("the stretches lie in %v only", got)
	}
	if diff := cmp.Diff(texts(want), gathered(t, "'10 20 21 40', b, c, n, m", rows)); diff != "" {
		t.Errorf("stretches differ (-want +got):\n%s", diff)
	}
}

func TestCellsRefuseWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "-", ".", "1.", ".5", "1.2.3", "x", "1e3", "+4", "12345678901234", "123456789012345", "1.00001", "-0.0001"} {
		n, ok := fineOf([]byte(text))
		exact, known := new(big.Rat).SetString(text)
		if ok && (!known || exact.Cmp(big.NewRat(n, fineScale)) != 0) {
			t.Errorf("%q is read as %d ten-thousandths", text, n)
		}
		if err := (&sum{}).addText([]byte(text)); (err == nil) != known {
			t.Errorf("%q is added with %v", text, err)
		}
	}
}
