package spec_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/specgen"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// drawnCases is how many cases every run of the tests draws. DEALWRIGHT_DEEP=n draws n, from the seed in
// DEALWRIGHT_SEED on (make soundness).
const drawnCases = 20_000

func drawn(t *testing.T, most int) (first, count uint64) {
	t.Helper()
	number := func(name string, otherwise uint64) uint64 {
		given := os.Getenv(name)
		if given == "" {
			return otherwise
		}
		n, err := strconv.ParseUint(given, 10, 63)
		if err != nil {
			t.Fatalf("%s=%q is no number", name, given)
		}
		return n
	}
	count = number("DEALWRIGHT_DEEP", uint64(most))
	if testing.Short() {
		count = min(count, 1000)
	}
	return number("DEALWRIGHT_SEED", 1), count
}

// tally counts what the drawn cases reached.
type tally struct {
	sync.Mutex
	checked, runs     int
	outcomes, codes   map[string]int
	occurs, evaluated map[string]int // library entries in specs that check; those that ran
	warnings          map[string]int
}

// A spec that checks cannot fail by type or scope: whatever is drawn, each expression that is evaluated has a value of
// the type that the checker found for it, the only data errors are those that data can cause (section 8.1), nothing
// panics, every run ends within its budget, twice alike, and its recomputed trace has its digest.
func TestSoundness(t *testing.T) {
	t.Parallel()
	first, count := drawn(t, drawnCases)
	lib := library.Standard()
	var next atomic.Uint64
	sum := &tally{outcomes: map[string]int{}, codes: map[string]int{}, occurs: map[string]int{}, evaluated: map[string]int{}, warnings: map[string]int{}}
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for !t.Failed() {
				n := next.Add(1) - 1
				if n >= count {
					return
				}
				soundCase(t, lib, first+n, sum)
			}
		})
	}
	all.Wait()
	t.Logf("%d cases from seed %d: %d check (%d %%), %d runs: %v, errors %v", count, first, sum.checked, 100*sum.checked/int(count), sum.runs, sum.outcomes, sum.codes)
	if t.Failed() || count < drawnCases {
		return
	}
	for _, name := range slices.Concat(lib.ExpressionNames(), lib.InstructionNames()) {
		if sum.occurs[name] == 0 || sum.evaluated[name] == 0 {
			t.Errorf("%s occurs %d times in specs that check and ran %d times: the proof says nothing about it", name, sum.occurs[name], sum.evaluated[name])
		}
	}
	t.Logf("occur in specs that check: %s", counts(sum.occurs))
	t.Logf("ran to an end: %s", counts(sum.evaluated))
}

func soundCase(t *testing.T, lib *library.Library, seed uint64, sum *tally) {
	c := specgen.Draw(seed, lib)
	s := &sound{T: t, c: c, lib: lib, types: map[string]types.Type{}, exprs: map[string]*tree.Expr{}, free: map[string]bool{}, missing: map[string]bool{}, ran: map[string]int{}}
	defer func() {
		if r := recover(); r != nil {
			s.fail("panic: %v", r)
		}
	}()
	s.roundTrips()
	checked, problems := check.Check(c.Spec, lib, c.Model)
	if tree.HasErrors(problems) {
		return
	}
	for _, p := range problems {
		if p.Code == tree.MayBeMissing {
			s.missing[p.Pointer] = true
		}
	}
	s.checked = checked
	s.walk()
	s.freely()
	plain, err := compile.Compile(c.Spec, lib, compile.Options{Var: c.Model.Var})
	if err != nil {
		s.fail("it checks and does not compile: %v", err)
		return
	}
	traced, err := compile.Compile(c.Spec, lib, compile.Options{Var: c.Model.Var, Traced: true})
	if err != nil {
		s.fail("it does not compile with a trace: %v", err)
		return
	}
	h := &host{lib: lib, things: map[string]*thing{}, made: map[string]int{}}
	var results []run.Result
	for n, item := range c.Items {
		results = append(results, s.run(plain, traced, n, item, h))
	}
	// Once more, on a host that knows nothing either: the same bytes.
	h = &host{lib: lib, things: map[string]*thing{}, made: map[string]int{}}
	for n, item := range c.Items {
		again, err := run.Run(plain, item.Value, c.Env, h)
		if err != nil || again.Digest != results[n].Digest || string(again.Answers) != string(results[n].Answers) {
			s.fail("item %d: the second run is another one (%v)", n, err)
		}
	}
	sum.Lock()
	defer sum.Unlock()
	sum.checked++
	for name, n := range s.ran {
		sum.evaluated[name] += n
	}
	for _, e := range s.exprs {
		sum.occurs[e.Type]++
	}
	c.Spec.Walk(func(_ string, i *tree.Instruction) bool {
		if !i.Disabled {
			sum.occurs[i.Type]++
		}
		return !i.Disabled
	})
	for _, r := range results {
		sum.runs++
		sum.outcomes[string(r.Status)]++
		for _, e := range r.Errors {
			sum.codes[e.Code]++
		}
	}
}

// sound is one case being proved.
type sound struct {
	*testing.T
	run.Unheard
	c       *specgen.Case
	lib     *library.Library
	checked check.Checked
	types   map[string]types.Type // of expressions, by pointer
	exprs   map[string]*tree.Expr
	free    map[string]bool // names whose values free-form data had a part in
	missing map[string]bool // pointers at which a warning says that something may be missing
	ran     map[string]int

	unfit bool // the item under way does not fit its model
	item  int
	path  []*run.Node
	enter int
}

func (s *sound) fail(format string, args ...any) {
	s.Helper()
	file := filepath.Join(os.TempDir(), fmt.Sprintf("drawn-%d.txtar", s.c.Seed))
	if err := os.WriteFile(file, s.c.Txtar(s.lib, fmt.Sprintf(format, args...)), 0o600); err != nil {
		file = err.Error()
	}
	s.Errorf("seed %d (DEALWRIGHT_SEED=%d DEALWRIGHT_DEEP=1): %s\nas a case: %s", s.c.Seed, s.c.Seed, fmt.Sprintf(format, args...), file)
}

// roundTrips holds for every spec, whether it checks or not: as YAML with formulas, as YAML with trees, and as JSON it is
// the same, with its order, ids, notes, comments and reserved keys.
func (s *sound) roundTrips() {
	stored := s.c.Spec.AppendJSON(nil)
	for _, form := range []struct {
		name    string
		written []byte
		read    func([]byte, tree.Grammar) (*tree.Spec, []tree.Problem, *text.Positions)
	}{
		{"YAML", text.FormatYAML(s.c.Spec, s.lib), text.ReadYAML},
		{"JSON", stored, text.ReadJSON},
		{"JSON read as YAML", stored, text.ReadYAML},
	} {
		if form.name == "JSON read as YAML" && s.c.Seed%20 > 0 {
			continue // one long line, which takes long
		}
		again, problems, _ := form.read(form.written, s.lib)
		if tree.HasErrors(problems) || !tree.Equal(s.c.Spec, again) {
			s.fail("%s loses something (%v): %s", form.name, problems, form.written)
		} else if twice := again.AppendJSON(nil); form.name == "JSON" && !bytes.Equal(stored, twice) {
			s.fail("it is stored otherwise: %s, then %s", stored, twice)
		}
	}
}

// walk notes every expression with its type by its pointer, as programs name them.
func (s *sound) walk() {
	var content func(pointer string, c tree.Content)
	content = func(pointer string, c tree.Content) {
		switch c := c.(type) {
		case *tree.Expr:
			s.exprs[pointer] = c
			if t, ok := s.checked.TypeOf(c); ok {
				s.types[pointer] = t
				if t.Kind == types.Unknown {
					s.fail("it checks, and the type of what stands at %s is not known", pointer)
				}
			}
			for _, f := range c.Fields {
				content(pointer+"/"+f.Name, f.Content)
			}
		case tree.List:
			for n, e := range c {
				content(fmt.Sprintf("%s/%d", pointer, n), e)
			}
		case tree.Group:
			for _, f := range c {
				content(pointer+"/"+f.Name, f.Content)
			}
		case tree.Cases:
			for n, one := range c {
				for k, e := range one.Equals {
					content(fmt.Sprintf("%s/%d/equals/%d", pointer, n, k), e)
				}
			}
		}
	}
	s.c.Spec.Walk(func(pointer string, i *tree.Instruction) bool {
		if i.Disabled {
			return false
		}
		for _, f := range i.Fields {
			content(pointer+"/"+f.Name, f.Content)
		}
		return true
	})
}

// parsers give null for blank text (section 4), of which the types do not speak: like blank text in a required field,
// that is seen when the spec runs.
var parsers = []string{"parse_datetime", "parse_number", "parse_timestamp", "pseudonym"}

// freely notes which names free-form data flows into. Of any the types do not say whether it is null, so neither do
// they of what is computed from it.
func (s *sound) freely() {
	for before := -1; before < len(s.free); {
		before = len(s.free)
		for _, e := range s.exprs {
			for _, f := range e.Fields {
				if name, ok := f.Content.(tree.Name); ok && s.isFree(e.Fields[0].Content) {
					s.free[string(name)] = true
				}
			}
		}
		s.c.Spec.Walk(func(_ string, i *tree.Instruction) bool {
			for _, f := range i.Fields {
				if name, ok := f.Content.(tree.Name); ok && s.isFree(i.Fields[0].Content) {
					s.free[string(name)] = true
				}
			}
			if o := s.lib.Instruction(i.Type); o.Assigns && s.isFree(i.Fields[0].Content) {
				s.free[i.ReturnAs] = true
			}
			return true
		})
	}
}

// isFree says whether free-form data has a part in what is computed.
func (s *sound) isFree(c tree.Content) bool {
	switch c := c.(type) {
	case *tree.Expr:
		t, _ := s.checked.TypeOf(c)
		return s.free[c.Path.Root] || isFree(t) || slices.Contains(parsers, c.Type) || slices.ContainsFunc(c.Fields, func(f tree.Field) bool { return s.isFree(f.Content) })
	case tree.List:
		return slices.ContainsFunc(c, func(e *tree.Expr) bool { return s.isFree(e) })
	}
	return false
}

func (s *sound) run(plain, traced *run.Program, n int, item specgen.Item, h *host) run.Result {
	s.item, s.unfit, s.path, s.enter = n, !item.Fits, nil, 0
	result, err := run.Run(plain, item.Value, s.c.Env, h)
	if err != nil {
		s.fail("item %d: the host failed: %v", n, err)
		return result
	}
	if len(h.units) > 0 {
		s.fail("item %d: %d units are open after the run", n, len(h.units))
	}
	if result.Steps > run.MaxSteps+1 {
		s.fail("item %d: %d instructions ran", n, result.Steps)
	}
	_, digest, err := trace.Recompute(traced, item.Value, s.c.Env, result.Answers, result.Status)
	if err != nil || digest != result.Digest {
		s.fail("item %d: the trace is not of the run (%v)", n, err)
	}
	if _, err := run.Replay(traced, item.Value, s.c.Env, result.Answers, s); err != nil {
		s.fail("item %d: the replay does not fit: %v", n, err)
	}
	if s.enter > run.MaxEvals+1 {
		s.fail("item %d: %d expressions were evaluated", n, s.enter)
	}
	for _, e := range result.Errors {
		s.mayFail(e)
	}
	return result
}

// mayFail says whether a data error is one that data can cause.
func (s *sound) mayFail(e *run.DataError) {
	known := slices.ContainsFunc(run.Codes, func(c run.Code) bool { return c.Code == e.Code })
	if !known || e.Message == "" || e.Remedy == "" && e.Code != "failed" {
		s.fail("item %d: an error without words, or that is not in the reference: %+v", s.item, e)
	}
	t, typed := s.types[e.Place]
	if s.unfit && (e.Code != "personal_data" || mayHold(t)) {
		return // it breaks the schema: using such a field is wrong_kind or missing_value
	}
	switch e.Code {
	case "wrong_kind":
		if !typed || !isFree(t) {
			s.fail("item %d: wrong_kind at %s, which is %s: %s", s.item, e.Place, t, e.Message)
		}
	case "missing_value":
		warned := typed && t.MayBeNull() && s.missing[e.Place]
		blank := e.Value.Kind() == value.KindText && e.Value.IsBlank()
		if !warned && !blank && !s.isFree(s.exprs[e.Place]) && !s.inKey(e.Place) {
			s.fail("item %d: missing_value at %s, which is %s, and nothing said that it may be missing: %s", s.item, e.Place, t, e.Message)
		}
	case "personal_data":
		if typed && isFree(t) && mayHold(t) {
			return
		}
		s.fail("item %d: personal data at %s, which is %s: %s", s.item, e.Place, t, e.Message)
	}
}

// inKey says whether a place is a part of a text that a key is built of: an empty part is missing there.
func (s *sound) inKey(place string) bool {
	up := place
	for range 3 {
		if e := s.exprs[up]; e != nil && s.lib.FindExpression(e.Type) != nil && s.lib.FindExpression(e.Type).Key != nil {
			return true
		}
		if cut := strings.LastIndexByte(up, '/'); cut >= 0 {
			up = up[:cut]
		}
	}
	return false
}

// isFree says whether free-form data is in a type, whose kinds are seen only when the spec runs.
func isFree(t types.Type) bool {
	switch t.Kind {
	case types.Any, types.Unknown:
		return true
	case types.Array, types.Table:
		return isFree(*t.Elem)
	case types.Object:
		return slices.ContainsFunc(t.Fields, func(f types.Field) bool { return isFree(f.Type) })
	}
	return false
}

// mayHold says whether personal data may be in values of a type: what is personal, and free-form data into which a mark
// with * or ** may lead, of which only the run can tell.
func mayHold(t types.Type) bool {
	switch t.Kind {
	case types.Any:
		return len(t.Marks) > 0
	case types.Array:
		return mayHold(*t.Elem)
	case types.Object:
		return slices.ContainsFunc(t.Fields, func(f types.Field) bool { return mayHold(f.Type) })
	}
	return t.IsPersonal()
}

// has says whether v can be a value of type t; silent: the types do not say whether it is null.
func has(t types.Type, v value.Value, silent bool) bool {
	if v.IsNull() {
		return silent || t.Optional || t.Kind == types.Any || t.Kind == types.Null || t.Kind == types.Unknown || t.Kind == types.Personal
	}
	switch t.Kind {
	case types.Unknown, types.Personal: // what is personal may be mixed with what is not
		return true
	case types.String:
		return v.Kind() == value.KindText
	case types.Number:
		return v.Kind() == value.KindNumber
	case types.Boolean:
		return v.Kind() == value.KindBool
	case types.Datetime:
		return v.Kind() == value.KindMoment
	case types.Ref:
		return v.Kind() == value.KindRef && v.Entity().Noun() == t.Noun
	case types.Any:
		return isJSON(v) || mayHold(t)
	case types.Array:
		return v.Kind() == value.KindList && !slices.ContainsFunc(v.Items(), func(item value.Value) bool { return !has(*t.Elem, item, silent) })
	case types.Object:
		return v.Kind() == value.KindObject && !slices.ContainsFunc(t.Fields, func(f types.Field) bool { return !has(f.Type, v.Get(f.Name), silent) })
	case types.Table:
		return v.Kind() == value.KindObject && !slices.ContainsFunc(v.Members(), func(m value.Member) bool { return !has(*t.Elem, m.Value, silent) })
	}
	return false
}

func isJSON(v value.Value) bool {
	switch v.Kind() {
	case value.KindMoment, value.KindRef, value.KindPseudonym:
		return false
	case value.KindList:
		return !slices.ContainsFunc(v.Items(), func(item value.Value) bool { return !isJSON(item) })
	case value.KindObject:
		return !slices.ContainsFunc(v.Members(), func(m value.Member) bool { return !isJSON(m.Value) })
	}
	return true
}

// The rest makes sound a run.Recorder, which sees the value of every expression.

func (s *sound) Enter(n *run.Node) {
	s.enter++
	s.path = append(s.path, n)
}

func (s *sound) Leave(v value.Value, err *run.DataError) {
	n := s.path[len(s.path)-1]
	s.path = s.path[:len(s.path)-1]
	if err != nil {
		return
	}
	s.ran[n.Type]++
	t, ok := s.types[n.Pointer]
	if ok && !mayHold(t) && v.HoldsPersonal() {
		s.fail("item %d: %s at %s was found to be %s, and holds personal data", s.item, n.Formula, n.Pointer, t)
	}
	if s.unfit {
		return
	}
	if n.Type == tree.Literal && !ok {
		return // the null that clears a group of fields
	}
	if !ok {
		s.fail("item %d: %s at %s was evaluated and never checked", s.item, n.Formula, n.Pointer)
	} else if !has(t, v, false) && !has(t, v, s.isFree(s.exprs[n.Pointer])) {
		s.fail("item %d: %s at %s was found to be %s, and is %s", s.item, n.Formula, n.Pointer, t, trace.V{Value: v})
	}
}

func (s *sound) StepEnds(in *run.Instruction, _ run.Outcome, _ value.Value, flow run.Flow) {
	if flow == run.Next || flow == run.Stopped || in.Type == "fail" {
		s.ran[in.Type]++
	}
}

// counts writes a table of counts, the rarest first.
func counts(of map[string]int) string {
	names := slices.Collect(maps.Keys(of))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(of[a], of[b]), cmp.Compare(a, b)) })
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "%s %d, ", name, of[name])
	}
	return strings.TrimSuffix(b.String(), ", ")
}
