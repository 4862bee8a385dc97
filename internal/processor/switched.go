package processor

import (
	"context"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/tenant"
)

// writes gives what an instruction makes that a tenant can switch off: a record kind or tenant.Project; "" for nothing.
func writes(instruction string) string {
	switch instruction {
	case "insert_contact_period_change":
		return "period"
	case "upsert_project_external_identity":
		return tenant.Project
	}
	noun, _ := strings.CutPrefix(instruction, "upsert_")
	for _, kind := range tenant.Kinds {
		if kind == noun {
			return kind
		}
	}
	return ""
}

// SwitchedOff says which instructions of a spec are not there in a tenant, because what they make is switched off: on
// tells what is on. Disabled instructions make nothing and do not count.
func SwitchedOff(spec *tree.Spec, on func(noun string) bool) []tree.Problem {
	var problems []tree.Problem
	spec.Walk(func(pointer string, i *tree.Instruction) bool {
		if off, ok := Offers(i.Type, on); !ok && !i.Disabled {
			problems = append(problems, tree.Problem{
				Code: tree.UnknownType, Severity: tree.Error, InstructionID: i.ID, Pointer: pointer + "/type",
				Message: "the instruction " + i.Type + " is not there: " + off,
				Hint:    "Switch them on in Settings, or take the instruction out.",
			})
		}
		return !i.Disabled
	})
	return problems
}

// Settings are a tenant after a change of them, with the processors that it stopped or set going.
type Settings struct {
	tenant.Tenant
	Suspended, Resumed []Processor
}

// ChangeSettings changes a tenant's settings. A processor whose spec uses what is switched off is suspended: its
// deliveries wait, and run when it is switched on again. The picture of the configuration sees to that by itself, so a
// mark that is a moment late harms nothing.
func ChangeSettings(ctx context.Context, store interface {
	tenant.Store
	Store
}, lib *library.Library, tenantID int64, fn func(tenant.Tenant) (tenant.Tenant, error)) (Settings, error) {
	t, err := store.ChangeTenant(ctx, tenantID, fn)
	if err != nil {
		return Settings{}, err
	}
	changed, err := store.MarkBroken(ctx, tenantID, func(now tenant.Tenant, target Target) bool {
		return brokenIn(lib, now, target)
	})
	s := Settings{Tenant: t}
	for _, p := range changed {
		switch p.State() {
		case Suspended:
			s.Suspended = append(s.Suspended, p)
		case Enabled:
			s.Resumed = append(s.Resumed, p)
		}
	}
	return s, err
}

// brokenIn says whether a saved spec does not check in a tenant.
func brokenIn(lib *library.Library, t tenant.Tenant, target Target) bool {
	spec, problems, places := target.Current.read(lib)
	if spec != nil {
		problems = append(problems, surroundings{lib: lib, tenant: t, model: target.Processor.SourceModel, marks: target.Marks}.problems(spec, places)...)
	}
	return spec == nil || tree.HasErrors(problems)
}

// Offers says whether a tenant may use an instruction: on tells what is on. Else it says in words what is switched off.
func Offers(instruction string, on func(noun string) bool) (off string, ok bool) {
	noun := writes(instruction)
	if noun == "" || on(noun) {
		return "", true
	}
	return tenant.Title(noun) + " are switched off in Settings", false
}
