package record

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMakersAreReadAsTheyWereWritten: and those of runs at a door without reading any JSON.
func TestMakersAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		maker Maker
		plain bool
	}{
		{Maker{Origin: FromProvider, OriginID: 7, Delivery: 1 << 60, Execution: 3, Processor: 4, Version: 12, Instruction: "s5"}, true},
		{Maker{Origin: FromProvider, OriginID: 7, Delivery: 8}, true},
		{Maker{Origin: FromUser, OriginID: 9}, false},
		{Maker{Origin: FromProvider}, true},
		{Maker{Origin: FromProvider, Delivery: 8, Instruction: `a "quoted", {step}`}, false},
		{Maker{Origin: FromProvider, Delivery: 8, Instruction: `back\slash`}, false},
		{Maker{Origin: FromProvider, Delivery: 8, Instruction: `}`}, true},
		{Maker{Origin: FromUser, OriginID: 9, Execution: 3, Undo: 10}, false},
		{Maker{Origin: FromUser, OriginID: 9, Rekey: 11, Redoes: 10}, false},
	} {
		stored := c.maker.JSON()
		if _, ok := readPlain(stored); ok != c.plain {
			t.Errorf("%s is read plainly: %t", stored, ok)
		}
		got, err := ReadMaker(stored)
		if diff := cmp.Diff(c.maker, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", stored, err, diff)
		}
	}
}

// FuzzReadMaker: whatever is stored is read as JSON is.
func FuzzReadMaker(f *testing.F) {
	for _, s := range []string{`{"origin":"provider","delivery":3,"version":1,"instruction":"s1"}`, `{"origin":"provider","delivery":+3}`, `{"origin":"\u0041"}`, `{"origin":"provider","delivery":03}`, `{"origin":"provider"},`, `{"origin":"provider","version":9223372036854775807}`, "{\"origin\":\"provider\",\"instruction\":\"\xff\"}", "{\"origin\":\"provider\",\"instruction\":\"\n\"}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		got, ok := readPlain(stored)
		if !ok {
			return
		}
		var want Maker
		if err := json.Unmarshal([]byte(stored), &want); err != nil || want != got {
			t.Errorf("%q is read as %+v, is %+v (%v)", stored, got, want, err)
		}
	})
}
