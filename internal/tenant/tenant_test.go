package tenant_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/tenant"
)

var types = []string{"webhooks"}

func TestSettingsTellAllThatIsWrong(t *testing.T) {
	t.Parallel()
	made, err := tenant.New("Acme", types)
	if err != nil {
		t.Fatal(err)
	}
	name, zone, country, kinds := " ", "Local", "+0", []string{"sale", "lead"}
	_, err = made.With(tenant.Change{Name: &name, TimeZone: &zone, Country: &country, RecordKinds: &kinds}, types)
	var fields []string
	for _, d := range fault.Of(err).Details {
		fields = append(fields, d.Field)
	}
	if want := []string{"name", "time_zone", "country", "record_kinds"}; !cmp.Equal(fields, want) {
		t.Errorf("what is wrong: %v, want %v (%v)", fields, want, err)
	}
	kinds = []string{"sale", "activity", "sale"}
	changed, err := made.With(tenant.Change{RecordKinds: &kinds}, types)
	if want := []string{"activity", "sale"}; err != nil || !cmp.Equal(changed.RecordKinds, want) {
		t.Errorf("kinds %v, want %v: %v", changed.RecordKinds, want, err)
	}
}

// TestKindsAreThoseOfRecords: the settings know every kind there is.
func TestKindsAreThoseOfRecords(t *testing.T) {
	t.Parallel()
	var nouns []string
	for _, k := range record.Kinds {
		nouns = append(nouns, k.Noun)
	}
	if !cmp.Equal(tenant.Kinds, nouns) {
		t.Errorf("settings know %v, records are %v", tenant.Kinds, nouns)
	}
}
