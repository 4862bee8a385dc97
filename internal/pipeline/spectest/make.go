package spectest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// PastStore has executions, with what they depended on and what they found.
type PastStore interface {
	explain.Store
	// Snapshot runs fn on one moment of the database.
	Snapshot(ctx context.Context, fn func(record.Snapshot) error) error
}

// Made is a test made of an execution.
type Made struct {
	Execution pipeline.ExecutionLine
	Spec      *tree.Spec // that of the execution
	Test      *tree.Test
	Result    Result // of the test on that spec
	// SameRun: the test's run has the digest of the execution's, so that it is the very same run.
	SameRun bool
	// Remarks say in words what of the execution a test cannot tell.
	Remarks []string
}

// Make makes a test of an execution: what it ran on, what it found, and what it wrote. The test passes on the spec of
// the execution, whatever the records hold by now.
func Make(ctx context.Context, store PastStore, lib *library.Library, tenantID, executionID int64, name string) (*Made, error) {
	e, err := store.Execution(ctx, tenantID, executionID)
	if err != nil {
		return nil, err
	}
	if e.Status == run.Waiting {
		return nil, fault.New(fault.Conflict, "Execution %s has not run yet, so there is nothing to expect.", id.Format(id.Execution, e.ID))
	}
	past, err := explain.Read(ctx, store, lib, e)
	if err != nil {
		return nil, err
	}
	m := &maker{past: past, seen: &observer{things: map[entity]*thing{}}}
	if err := m.replay(); err != nil {
		return nil, err
	}
	if len(m.seen.contacts) > 0 {
		if err := store.Snapshot(ctx, m.travel); err != nil {
			return nil, err
		}
	}
	return m.make(lib, name)
}

type maker struct {
	past    *explain.Past
	seen    *observer
	remarks []string
}

func (m *maker) remark(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(m.remarks, text) {
		m.remarks = append(m.remarks, text)
	}
}

// replay plays the run again and listens.
func (m *maker) replay() error {
	e := m.past.Execution
	cannot := func(why string) error {
		return fault.New(fault.Conflict, "What execution %s did can no longer be told for sure, so no test is made of it: %s.", id.Format(id.Execution, e.ID), why)
	}
	if m.past.Program == nil {
		return cannot("its spec no longer compiles")
	}
	result, err := run.Replay(m.past.Program, m.past.Item, m.past.With, e.Answers, m.seen)
	if err != nil || !bytes.Equal(result.Digest[:], e.Digest) {
		return cannot("what is computed today is not what ran then")
	}
	if e.Status == run.Failed {
		m.seen.takeBack(0)
	}
	return nil
}

// travel finds what the contacts' records held when the run came, and what it left of those it made.
func (m *maker) travel(at record.Snapshot) error {
	provider := m.past.Delivery.ProviderID
	need := &record.Need{}
	for _, c := range m.seen.contacts {
		need.Contacts = append(need.Contacts, record.ContactKey{Noun: c.noun, ProviderID: provider, Contact: c.key})
	}
	need.Normalize()
	loaded, err := at.Load(need)
	if err != nil {
		return err
	}
	for _, key := range need.Contacts {
		rows := loaded.Contacts[key]
		if len(rows) > record.MostOfContact {
			m.remark("The contact %q has too many records for a test.", key.Contact)
			continue
		}
		slices.SortFunc(rows, func(a, b *record.Row) int { return cmp.Compare(a.ID, b.ID) })
		for _, row := range rows {
			if err := m.around(at, row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *maker) around(at record.Snapshot, row *record.Row) error {
	it := record.Thing{Noun: row.Kind.Noun, ID: row.ID}
	journal, err := at.Journal([]record.Thing{it})
	if err != nil {
		return err
	}
	named, err := record.IdentitiesIn(journal[it])
	if err != nil {
		return err
	}
	keys, err := at.Keys(named)
	if err != nil {
		return err
	}
	around, known, err := row.Around(record.Ran{Execution: m.past.Execution.ID, At: m.past.Execution.RanAt}, journal[it], keys)
	if err != nil {
		return err
	}
	if !known {
		m.remark("The %s %q was removed and made again since, so what the run found of it is not known.", row.Kind.Noun, row.ExternalID())
		return nil
	}
	if around.Before != nil {
		t := m.seen.thing(row.Kind.Noun, row.ExternalID())
		t.is(true)
		t.found = nil
		for i, f := range row.Kind.Fields {
			if v := around.Before.Values[i]; !v.IsNull() && !(v.Kind() == value.KindBool && !v.Bool()) {
				t.found = append(t.found, run.Field{Name: f.Name, Value: v})
			}
		}
		return nil
	}
	// A period that the run made ends where its line says, which only the record tells.
	t := m.seen.things[entity{row.Kind.Noun, row.ExternalID()}]
	if around.After != nil && t != nil && t.wrote && !t.there {
		if _, set := t.set.get("ends_at"); !set && row.Kind == record.Period {
			t.set = append(t.set, run.Field{Name: "ends_at", Value: around.After.Field("ends_at")})
		}
	}
	return nil
}

// make puts the test together, runs it, and leaves out of it what a test cannot tell.
func (m *maker) make(lib *library.Library, name string) (*Made, error) {
	model, _ := lib.Model(m.past.Spec.SourceModel)
	suite, err := New(m.past.Spec, lib, model)
	if err != nil {
		return nil, err
	}
	made := &Made{Execution: m.past.Execution, Spec: m.past.Spec}
	before := m.before()
	for {
		made.Test = m.test(name, before, m.expect(lib))
		if made.Result, err = suite.Run(made.Test); err != nil {
			return nil, err
		}
		if made.Result.Passed() || !m.leaveOut(&made.Result) {
			break
		}
	}
	made.SameRun = bytes.Equal(made.Result.Digest, m.past.Execution.Digest)
	if m.seen.internal && !made.SameRun {
		m.remark("The run read an internal id, or what an identity is linked to; a test has others.")
	}
	if len(m.seen.pseudonyms) > 0 {
		m.remark("Pseudonyms that the run computed are readable in the test.")
	}
	made.Remarks = m.remarks
	return made, nil
}

// leaveOut takes out of what is expected the fields that a test's run gives another value; it says whether there were any.
func (m *maker) leaveOut(r *Result) (any bool) {
	for _, d := range r.fields {
		i := slices.IndexFunc(m.seen.order, func(t *thing) bool { return t.noun == d.noun && m.shown(value.Text(t.id)).Text() == d.id })
		if i < 0 {
			continue
		}
		t := m.seen.order[i]
		if _, ok := t.set.get(d.field); ok {
			t.set = slices.DeleteFunc(t.set, func(f run.Field) bool { return f.Name == d.field })
			m.remark("What %s of the %s %q became depends on what a test cannot tell, so it is not compared.", d.field, d.noun, d.id)
			any = true
		}
	}
	return any
}

func (m *maker) test(name string, before, expect value.Value) *tree.Test {
	e := m.past.Execution
	members := []value.Member{{Key: "name", Value: value.Text(name)}}
	add := func(key string, v value.Value) { members = append(members, value.Member{Key: key, Value: v}) }
	given := m.shown(execute.PutTogether(m.past.Program, m.past.Item, m.past.With.Enrichments))
	if given.Kind() == value.KindList { // a list would be several items
		given = value.List([]value.Value{given})
	}
	add("given", given)
	if len(m.past.With.Constants) > 0 {
		constants := make([]value.Member, len(m.past.With.Constants))
		for i, c := range m.past.With.Constants {
			constants[i] = value.Member{Key: c.Name, Value: c.Value}
		}
		add("constants", value.Object(constants))
	}
	if zone := m.past.With.Zone; zone != Zone {
		add("zone", value.Text(zone))
	}
	if m.past.With.Country != Country {
		m.remark("The tenant's calling code is %s; in a test it is %s.", m.past.With.Country, Country)
	}
	add("received_at", m.shown(value.Moment(e.ReceivedAt)))
	if before.Len() > 0 {
		add("before", before)
	}
	add("expect", expect)
	return &tree.Test{Members: members}
}

// before is what the run found.
func (m *maker) before() value.Value {
	kinds := map[string][]value.Value{}
	for _, t := range m.seen.order {
		if !t.there {
			continue
		}
		if kind := record.IdentityKindOf(t.noun); kind != nil {
			kinds[kind.Plural] = append(kinds[kind.Plural], m.identityFound(t))
			continue
		}
		kind := record.KindOf(t.noun)
		if one, ok := m.recordFound(kind, t); ok {
			kinds[plural(kind)] = append(kinds[plural(kind)], one)
		}
	}
	return byKind(kinds)
}

func (m *maker) identityFound(t *thing) value.Value {
	if len(t.stale) > 0 {
		m.remark("Of the %s identity %q these were held back as stale, and a test has nothing newer: %s.", t.noun, t.id, strings.Join(t.stale, ", "))
	}
	return m.object(t, t.found, nil)
}

func (m *maker) recordFound(kind *record.Kind, t *thing) (value.Value, bool) {
	found := slices.Clone(t.found)
	for _, f := range kind.Fields {
		if _, ok := found.get(f.Name); ok || !f.Required {
			continue
		}
		v, ok := t.tried.get(f.Name)
		if !ok {
			m.remark("What the run found in the %s %q is not known.", t.noun, t.id)
			return value.Null(), false
		}
		found = append(found, run.Field{Name: f.Name, Value: v})
	}
	var locked []value.Value
	for _, field := range append(slices.Clone(t.locked), t.stale...) {
		if v := value.Text(field); !slices.ContainsFunc(locked, v.Equal) {
			locked = append(locked, v)
		}
	}
	if len(t.stale) > 0 {
		m.remark("Of the %s %q these were held back as stale; in the test they are locked, to the same effect: %s.", t.noun, t.id, strings.Join(t.stale, ", "))
	}
	found = slices.DeleteFunc(found, func(f run.Field) bool { return f.Value.IsNull() })
	return m.object(t, found, locked), true
}

// expect is what came of the run: the records and identities it wrote, of each the fields that it set.
func (m *maker) expect(lib *library.Library) value.Value {
	e := m.past.Execution
	var members []value.Member
	add := func(key string, v value.Value) { members = append(members, value.Member{Key: key, Value: v}) }
	if e.Status != run.Succeeded {
		add("outcome", value.Text(string(e.Status)))
	}
	if e.Status == run.Failed && len(e.Errors) > 0 {
		add("error", value.Object([]value.Member{
			{Key: "instruction", Value: value.Text(e.Errors[0].Instruction)}, {Key: "code", Value: value.Text(e.Errors[0].Code)},
		}))
	}
	if m.seen.failed > 0 && e.Status != run.Failed {
		add("failed_items", value.Int(int64(m.seen.failed)))
	}
	kinds := map[string][]value.Value{}
	for _, noun := range written(m.past.Spec, lib) { // that a kind has none is expected, too
		kinds[noun] = nil
	}
	for _, t := range m.seen.order {
		if !t.wrote {
			continue
		}
		key := ""
		if kind := record.IdentityKindOf(t.noun); kind != nil {
			key = kind.Plural
		} else {
			key = plural(record.KindOf(t.noun))
		}
		kinds[key] = append(kinds[key], m.object(t, t.set, nil))
	}
	return value.Object(append(members, byKind(kinds).Members()...))
}

// written are the kinds that a spec writes somewhere, as tests call them.
func written(spec *tree.Spec, lib *library.Library) []string {
	var all []string
	spec.Walk(func(_ string, i *tree.Instruction) bool {
		declared := lib.Instruction(i.Type)
		if i.Disabled || declared == nil {
			return false
		}
		if kind := record.KindOf(declared.Result.Noun); kind != nil && strings.HasPrefix(i.Type, "upsert_") {
			all = append(all, plural(kind))
		} else if kind := record.IdentityKindOf(declared.Result.Noun); kind != nil {
			all = append(all, kind.Plural)
		}
		return true
	})
	return all
}

// byKind puts kinds in the order of the reference: identities, which others refer to, then records.
func byKind(kinds map[string][]value.Value) value.Value {
	var members []value.Member
	for _, kind := range record.IdentityKinds {
		if all, ok := kinds[kind.Plural]; ok {
			members = append(members, value.Member{Key: kind.Plural, Value: value.List(all)})
		}
	}
	for _, kind := range record.Kinds {
		if all, ok := kinds[plural(kind)]; ok {
			members = append(members, value.Member{Key: plural(kind), Value: value.List(all)})
		}
	}
	return value.Object(members)
}

// object writes a thing as tests do: those of a group of fields within it.
func (m *maker) object(t *thing, all fields, locks []value.Value) value.Value {
	members := []value.Member{{Key: "external_id", Value: m.shown(value.Text(t.id))}}
	groups := map[string][]value.Member{}
	for _, f := range all {
		group, inner, grouped := strings.Cut(f.Name, ".")
		if !grouped {
			members = append(members, value.Member{Key: f.Name, Value: m.shown(f.Value)})
			continue
		}
		if groups[group] == nil {
			members = append(members, value.Member{Key: group})
		}
		groups[group] = append(groups[group], value.Member{Key: inner, Value: m.shown(f.Value)})
	}
	for i := range members {
		if inner := groups[members[i].Key]; inner != nil {
			members[i].Value = value.Object(inner)
		}
	}
	if len(locks) > 0 {
		members = append(members, value.Member{Key: locked, Value: value.List(locks)})
	}
	return value.Object(members)
}

// shown is a value as a test writes it.
func (m *maker) shown(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindRef:
		return m.shown(value.Text(v.Entity().ExternalID()))
	case value.KindMoment:
		return value.Text(strings.Trim(v.String(), `"`))
	case value.KindText, value.KindPseudonym:
		if len(m.seen.pseudonyms) == 0 {
			return value.Text(v.Text())
		}
		return value.Text(strings.NewReplacer(m.seen.pseudonyms...).Replace(v.Text()))
	case value.KindList:
		items := make([]value.Value, v.Len())
		for i, one := range v.Items() {
			items[i] = m.shown(one)
		}
		return value.List(items)
	case value.KindObject:
		members := make([]value.Member, v.Len())
		for i, one := range v.Members() {
			members[i] = value.Member{Key: one.Key, Value: m.shown(one.Value)}
		}
		return value.Object(members)
	}
	return v
}
