package record

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Past is what an undo has to know beside what its stage has loaded. What it tells of loaded things is as of a moment
// at which they were locked.
type Past interface {
	// Journal gives the entries about things, in the order in which they were made.
	Journal(things []Thing) (map[Thing][]Entry, error)
	// Keys gives the keys of identities that are there, by their numbers.
	Keys(identities []int64) (map[int64]Key, error)
	// LastRun gives what ran last under a mark; zero: a call of a fixed webhook, or it is not kept.
	LastRun(tenant int64, mark Mark) (MarkedRun, error)
	// References counts how often anything that is stored refers to identities, agents and teams.
	References(tenant int64, things []Thing) (map[Thing]int, error)
}

// MarkedRun is an execution as a mark names it.
type MarkedRun struct {
	Delivery, Processor int64
	Version             int
}

// Snapshot is what is stored at one moment.
type Snapshot interface {
	Past
	// Load gives what a need names, as a group would load it.
	Load(need *Need) (*Loaded, error)
}

// Undo says whose writes are taken back, and for whom. A field that the subject set last gets its former value and
// mark; what it made and nobody changed since is removed; its locks are taken back. What was set since is left, and so
// is what others refer to. Locks of others do not hold an undo back. Where an identity was
// only confirmed, nothing of it changed, there is no line in the journal: the mark that was moved stays where it is.
type Undo struct {
	TenantID int64
	Of       Subject
	Wrote    Mark // of Of's writes; zero when that is an undo
	// By has the origin; the rest is filled in. With a processor and a version all that the version wrote is being taken
	// back, the newest first: a field that one of its runs set to what it held already is not set since.
	By Maker
	// About is what was run, an execution or a call: its own journal has a line for each undo.
	About Thing
	// Touched are the things Of may have written. People that are linked to the identities among them are found.
	Touched []Touched
}

// The nouns of what was run, in the journal.
const (
	ExecutionNoun = "execution"
	CallNoun      = "source_execution"
)

// Touched names a thing by what it is looked up with: Key of records and identities, Email of users, and the number of
// agents, teams, and of what may have been removed.
type Touched struct {
	Thing
	Key   Key
	Email string
}

// What becomes of a thing.
const (
	Removed = "removed"
	SetBack = "set_back"
	MadeNew = "made_again" // what an undo had removed
	Left    = "left"       // nothing could be taken back
)

// Undone is what became of one thing.
type Undone struct {
	Touched
	Name     string // as people know it
	Outcome  string
	Fields   []Restored
	Unlocked []string
	Left     []LeftField
}

// Restored is a field that was set back.
type Restored struct {
	Name     string
	From, To value.Value
}

// LeftField is what was left alone, and why. Field "" stands for the whole thing.
type LeftField struct{ Field, Why string }

// UndoResult is what an undo did; Number is 0 when there was nothing to do.
type UndoResult struct {
	Number int64
	Things []Undone
}

// Undo takes back what a subject wrote, as far as it still stands. Things it comes to want and that are not loaded are
// in Missing; the result is void then.
func (s *Stage) Undo(u *Undo, past Past) (*UndoResult, error) {
	by := u.By
	by.Undo = s.newID()
	by.Execution, by.Delivery, by.Redoes = u.Of.Execution, u.Of.Delivery, u.Of.Undo
	x := &undoing{
		Undo: u, Stage: s, past: past,
		writer:  &Writer{TenantID: u.TenantID, Maker: by},
		stories: map[Thing]story{}, keys: map[int64]Key{}, stored: map[Thing]int{}, ours: map[Mark]bool{},
	}
	began := len(s.journal)
	steps := []func() error{x.rows, x.identities, x.users, x.agents, x.teams}
	if u.Of.Undo != 0 { // what others refer to comes first
		slices.Reverse(steps)
	}
	if err := x.find(); err != nil || s.Missing() != nil {
		return &UndoResult{}, err
	}
	for _, step := range append([]func() error{x.countReferences}, steps...) {
		if err := errors.Join(step(), x.failed); err != nil {
			return nil, err
		}
	}
	result := &UndoResult{Things: x.done}
	if len(s.journal) > began {
		result.Number = by.Undo
		s.enter(x.writer, "", u.About.Noun, u.About.ID, u.TenantID, touchedImage(x.done))
	}
	return result, nil
}

// same gives the subject's mark for one of the same version.
func (x *undoing) same(m Mark) Mark {
	if x.By.Version == 0 || x.Of.Execution == 0 || m == (Mark{}) || m == x.Wrote {
		return m
	}
	ours, known := x.ours[m]
	if !known {
		ran, err := x.past.LastRun(x.TenantID, m)
		if err != nil {
			x.failed = err
		}
		ours = ran.Processor == x.By.Processor && ran.Version == x.By.Version
		x.ours[m] = ours
	}
	if ours {
		return x.Wrote
	}
	return m
}

// undoing is one undo under way.
type undoing struct {
	*Undo
	*Stage
	past    Past
	writer  *Writer
	stories map[Thing]story
	keys    map[int64]Key // of identities, by number
	stored  map[Thing]int // references in the database
	ours    map[Mark]bool // of the version that is being taken back
	failed  error         // to find that out

	rowKeys, identityKeys []Key
	agentIDs, teamIDs     []int64
	userKeys              []UserKey
	gone                  map[Thing]Touched // what an undo removed may be among them
	done                  []Undone
}

// find looks up what the subject may have touched, and what happened to it.
func (x *undoing) find() error {
	var things []Thing
	x.gone = map[Thing]Touched{}
	for _, t := range x.Touched {
		if t.ID != 0 {
			x.gone[t.Thing] = t
			things = append(things, t.Thing)
		}
		switch {
		case t.Key.IsIdentity():
			x.identityKeys = append(x.identityKeys, t.Key)
			if i := x.Identity(t.Key); i != nil {
				things = append(things, Thing{t.Key.Noun, i.ID})
			}
		case KindOf(t.Key.Noun) != nil:
			x.rowKeys = append(x.rowKeys, t.Key)
			if r := x.Row(t.Key); r != nil {
				things = append(things, Thing{t.Key.Noun, r.ID})
			}
		case t.Noun == "user":
			x.userKeys = append(x.userKeys, UserKey{x.TenantID, t.Email})
		case t.Noun == "agent":
			x.agentIDs = append(x.agentIDs, t.ID)
		case t.Noun == "team":
			x.teamIDs = append(x.teamIDs, t.ID)
		}
	}
	slices.SortFunc(x.rowKeys, Key.Compare)
	slices.SortFunc(x.identityKeys, Key.Compare)
	if err := x.read(things); err != nil {
		return err
	}
	x.people()
	if err := x.resolve(); err != nil {
		return err
	}
	things = things[:0]
	for _, n := range x.agentIDs {
		x.Agent(n)
		things = append(things, Thing{"agent", n})
	}
	for _, n := range x.teamIDs {
		x.Team(n)
		things = append(things, Thing{"team", n})
	}
	for _, k := range x.userKeys {
		if user := x.User(k); user != nil {
			things = append(things, Thing{"user", user.ID})
		}
	}
	return x.read(things)
}

// read reads stories: of the database, then of this stage.
func (x *undoing) read(things []Thing) error {
	slices.SortFunc(things, Thing.compare)
	things = slices.Compact(things)
	if len(things) == 0 {
		return nil
	}
	journal, err := x.past.Journal(things)
	if err != nil {
		return err
	}
	here := map[Thing][]Entry{}
	for _, e := range x.journal {
		t := Thing{e.Noun, e.ThingID}
		here[t] = append(here[t], e)
	}
	for _, t := range things {
		if x.stories[t], err = readStory(slices.Concat(journal[t], here[t])); err != nil {
			return fmt.Errorf("%s %d: %w", t.Noun, t.ID, err)
		}
	}
	return nil
}

func (t Thing) compare(o Thing) int {
	return cmp.Or(cmp.Compare(t.Noun, o.Noun), cmp.Compare(t.ID, o.ID))
}

// people finds the agents, teams and users that the identities are or were about.
func (x *undoing) people() {
	for _, key := range x.identityKeys {
		i := x.Identity(key)
		if i == nil || i.Kind().Noun != "agent" && i.Kind().Noun != "team" {
			continue
		}
		entities, emails := []int64{i.EntityID}, []string{i.Email}
		happened := x.stories[Thing{key.Noun, i.ID}]
		for _, e := range happened[entityField] {
			n, _ := e.was.Value.Decimal().Int64()
			entities = append(entities, n)
		}
		for _, e := range happened["email"] {
			emails = append(emails, e.was.Value.Text())
		}
		if i.Kind().Noun == "agent" {
			x.agentIDs = append(x.agentIDs, entities...)
		} else {
			x.teamIDs = append(x.teamIDs, entities...)
		}
		for _, e := range emails {
			if e != "" {
				x.userKeys = append(x.userKeys, UserKey{x.TenantID, e})
			}
		}
	}
	x.agentIDs, x.teamIDs = numbers(x.agentIDs), numbers(x.teamIDs)
	x.userKeys = sorted(x.userKeys, UserKey.Compare)
}

// numbers sorts them and drops 0 and what is there twice.
func numbers(all []int64) []int64 {
	return slices.DeleteFunc(sorted(all, cmp.Compare[int64]), func(n int64) bool { return n == 0 })
}

// resolve finds the keys of the identities that fields held before.
func (x *undoing) resolve() error {
	wanted := map[int64]bool{}
	for t, happened := range x.stories {
		for _, events := range happened {
			for _, e := range events {
				wanted[e.was.Identity] = true
			}
		}
		if image := x.wasRemoved(t); image != nil {
			if err := identitiesIn(t.Noun, image, wanted); err != nil {
				return err
			}
		}
	}
	for t, touched := range x.gone {
		if touched.Key.IsIdentity() {
			x.keys[t.ID] = touched.Key
		}
	}
	for i := range x.Stage.identities.slots { // what an undo before this one has made again is nowhere else
		if now := x.Stage.identities.slots[i].now; now != nil && wanted[now.ID] {
			x.keys[now.ID] = now.Key
		}
	}
	delete(wanted, 0)
	for n := range x.keys {
		delete(wanted, n)
	}
	if len(wanted) > 0 {
		keys, err := x.past.Keys(slices.Sorted(maps.Keys(wanted)))
		if err != nil {
			return err
		}
		maps.Copy(x.keys, keys)
	}
	for _, key := range x.keys {
		x.Identity(key)
	}
	return nil
}

// identity finds one by its number; nil: it is not there any more.
func (x *undoing) identity(n int64) *Identity {
	key, ok := x.keys[n]
	if !ok {
		return nil
	}
	if i := x.Identity(key); i != nil && i.ID == n {
		return i
	}
	return nil
}

// countReferences asks for those of everything that may be removed.
func (x *undoing) countReferences() error {
	var things []Thing
	if x.Of.Undo != 0 {
		return nil // what is undone again removes nothing
	}
	for _, key := range x.identityKeys {
		if i := x.Identity(key); i != nil && x.made(i.MadeBy) {
			things = append(things, Thing{key.Noun, i.ID})
		}
	}
	for _, n := range x.agentIDs {
		things = append(things, Thing{"agent", n})
	}
	for _, n := range x.teamIDs {
		things = append(things, Thing{"team", n})
	}
	things = slices.DeleteFunc(things, func(t Thing) bool {
		return !(Key{Noun: t.Noun}).IsIdentity() && !x.madePerson(t)
	})
	if len(things) == 0 {
		return nil
	}
	var err error
	x.stored, err = x.past.References(x.TenantID, things)
	return err
}

// made reports whether the subject made a record or identity.
func (x *undoing) made(by string) bool {
	m, err := ReadMaker(by)
	return err == nil && m.Subject() == x.Of
}

// madePerson reports whether the subject made an agent, team or user that is there.
func (x *undoing) madePerson(t Thing) bool {
	there := inForce(x.stories[t][""], x.Of)
	return len(there) > 0 && there[len(there)-1].by == x.Of && x.Of.Undo == 0
}

// wasRemoved gives the image of a thing that the undo to be taken back has removed, nil for none.
func (x *undoing) wasRemoved(t Thing) []byte {
	there := inForce(x.stories[t][""], x.Of)
	if x.Of.Undo != 0 && len(there) > 0 && there[len(there)-1].by == x.Of && isRemoval(there[len(there)-1].image) {
		return there[len(there)-1].image
	}
	return nil
}

// references to a thing from all there is, with what this group has changed.
func (x *undoing) references(t Thing) int {
	n := x.stored[t]
	for i := range x.Stage.rows.slots {
		n += x.Stage.rows.slots[i].now.refersTo(t) - x.Stage.rows.slots[i].old.refersTo(t)
	}
	for i := range x.Stage.identities.slots {
		n += x.Stage.identities.slots[i].now.refersTo(t) - x.Stage.identities.slots[i].old.refersTo(t)
	}
	for i := range x.Stage.agents.slots {
		n += x.Stage.agents.slots[i].now.refersTo(t) - x.Stage.agents.slots[i].old.refersTo(t)
	}
	for i := range x.Stage.users.slots {
		n += x.Stage.users.slots[i].now.refersTo(t) - x.Stage.users.slots[i].old.refersTo(t)
	}
	return n
}

func count(all ...bool) (n int) {
	for _, one := range all {
		if one {
			n++
		}
	}
	return n
}

func (r *Row) refersTo(t Thing) (n int) {
	if r == nil {
		return 0
	}
	for _, v := range r.Values {
		if i, ok := v.Entity().(*Identity); ok && i.ID == t.ID && i.Key.Noun == t.Noun {
			n++
		}
	}
	return n
}

func (i *Identity) refersTo(t Thing) int {
	if i == nil {
		return 0
	}
	return count(
		i.Project != nil && i.Project.ID == t.ID && t.Noun == ProjectIdentity,
		i.Team != nil && i.Team.ID == t.ID && t.Noun == TeamIdentity,
		i.EntityID == t.ID && i.Noun() == t.Noun)
}

func (a *Agent) refersTo(t Thing) int {
	return count(a != nil && a.TeamID == t.ID && t.Noun == "team")
}

func (u *User) refersTo(t Thing) int {
	return count(u != nil && u.AgentID == t.ID && t.Noun == "agent")
}

// note keeps what became of a thing, unless nothing did.
func (x *undoing) note(d Undone) {
	if d.Outcome == "" && len(d.Fields)+len(d.Unlocked) > 0 {
		d.Outcome = SetBack
	}
	if d.Outcome == "" && len(d.Left) > 0 {
		d.Outcome = Left
	}
	if d.Outcome != "" {
		x.done = append(x.done, d)
	}
}

// enter adds a line to the journal of a thing.
func (x *undoing) enter(t Thing, image []byte) {
	x.Stage.enter(x.writer, "", t.Noun, t.ID, x.TenantID, image)
}

const (
	inUse        = "Others refer to it."
	changedSince = "It was changed since."
	goneSince    = "What it held is not there any more."
	neverEmpty   = "It cannot be empty."
	takenByNow   = "There is another one with this id by now."
)

// touchedImage is the line of an undo in the journal of what was run:
// {"touched":[["activity",12,2,"deal1"],["user",7,0,"eva@example.test"]]}.
func touchedImage(done []Undone) []byte {
	list := make([]value.Value, 0, len(done))
	for _, d := range done {
		if d.Outcome == Left {
			continue
		}
		key := d.Key.ExternalID
		if d.Noun == "user" {
			key = d.Email
		}
		list = append(list, value.List([]value.Value{
			value.Text(d.Noun), value.Int(d.ID), value.Int(d.Key.ProviderID), value.Text(key),
		}))
	}
	return value.Object([]value.Member{{Key: "touched", Value: value.List(list)}}).AppendJSON(nil)
}

// PastUndo is an undo as the journal of what was run tells of it.
type PastUndo struct {
	By      Maker // its number is By.Undo
	Touched []Touched
}

// Covers says whether the undo took a thing back.
func (u PastUndo) Covers(k Key) bool {
	return slices.ContainsFunc(u.Touched, func(t Touched) bool { return t.Key == k })
}

// StandingUndos finds the undos that were not taken back themselves in the journal of what was run, the newest first. Each
// may have been of one thing alone.
func StandingUndos(entries []Entry) (all []PastUndo, err error) {
	redone := map[int64]bool{}
	for _, e := range slices.Backward(entries) {
		maker, err := ReadMaker(e.MadeBy)
		if err != nil {
			return nil, err
		}
		if maker.Redoes != 0 {
			redone[maker.Redoes] = true
			continue
		}
		if maker.Undo == 0 || redone[maker.Undo] {
			continue
		}
		one := PastUndo{By: maker}
		if one.Touched, err = readTouched(e.Before); err != nil {
			return nil, fmt.Errorf("what undo %d touched: %w", maker.Undo, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// FindUndo finds an undo, or the undo of one, in the journal of what was run, and the undo that took it back; 0: none did.
func FindUndo(entries []Entry, number int64) (found PastUndo, at, takenBack int64, err error) {
	for _, e := range entries {
		maker, err := ReadMaker(e.MadeBy)
		if err != nil {
			return found, 0, 0, err
		}
		if maker.Redoes == number {
			takenBack = maker.Undo
		}
		if maker.Undo != number {
			continue
		}
		found.By, at = maker, e.At
		if found.Touched, err = readTouched(e.Before); err != nil {
			return found, 0, 0, fmt.Errorf("what undo %d touched: %w", number, err)
		}
	}
	return found, at, takenBack, nil
}

// readTouched reads a touchedImage.
func readTouched(image []byte) (all []Touched, err error) {
	v, syntax := value.ParseJSON(image, value.Limits{Bytes: len(image) + 1})
	if syntax != nil {
		return nil, syntax
	}
	for _, one := range v.Get("touched").Items() {
		number, _ := one.At(1).Decimal().Int64()
		provider, _ := one.At(2).Decimal().Int64()
		t := Touched{Thing: Thing{one.At(0).Text(), number}}
		switch noun := one.At(0).Text(); {
		case noun == "user":
			t.Email = one.At(3).Text()
		case provider != 0:
			t.Key = Key{ProviderID: provider, Noun: noun, ExternalID: one.At(3).Text()}
		}
		all = append(all, t)
	}
	return all, nil
}

// entityText shows the number of an entity as people read it.
func entityText(prefix, noun string, n int64) value.Value {
	if n == 0 {
		return value.Null()
	}
	return value.Text(publicID(prefix, noun, n))
}
