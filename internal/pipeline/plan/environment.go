package plan

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Environment is what the result of an execution depends on beside its delivery, its program and its answers. Many
// executions share one, so it is stored once, under its hash.
type Environment struct {
	Zone      string
	Country   string
	Revision  int         // of the language
	Constants []run.Field // as the link gives them, by name
}

// JSON is the stored form: canonical, so that equal environments have equal bytes.
func (e Environment) JSON() []byte {
	constants := make([]value.Member, len(e.Constants))
	for i, c := range e.Constants {
		constants[i] = value.Member{Key: c.Name, Value: c.Value}
	}
	slices.SortFunc(constants, func(a, b value.Member) int { return strings.Compare(a.Key, b.Key) })
	return value.Object([]value.Member{
		{Key: "constants", Value: value.Object(constants)},
		{Key: "country", Value: value.Text(e.Country)},
		{Key: "revision", Value: value.Int(int64(e.Revision))},
		{Key: "zone", Value: value.Text(e.Zone)},
	}).AppendJSON(nil)
}

// Hash names the environment.
func (e Environment) Hash() [sha256.Size]byte { return sha256.Sum256(e.JSON()) }

// ReadEnvironment reads the stored form.
func ReadEnvironment(stored []byte) (Environment, error) {
	v, syntax := value.ParseJSON(stored, value.Limits{Bytes: len(stored) + 1})
	if syntax != nil {
		return Environment{}, fmt.Errorf("stored environment: %w", syntax)
	}
	revision, _ := v.Get("revision").Decimal().Int64()
	if revision == 0 {
		return Environment{}, fmt.Errorf("stored environment: the language revision is missing")
	}
	e := Environment{Zone: v.Get("zone").Text(), Country: v.Get("country").Text(), Revision: int(revision)}
	for _, m := range v.Get("constants").Members() {
		e.Constants = append(e.Constants, run.Field{Name: m.Key, Value: m.Value})
	}
	return e, nil
}
