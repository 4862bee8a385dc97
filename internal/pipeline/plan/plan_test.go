package plan

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// loader gives a picture of its epoch and counts.
type loader struct {
	epoch atomic.Int64
	loads atomic.Int64
	err   error
}

func (l *loader) LoadPicture(context.Context) (*Picture, error) {
	l.loads.Add(1)
	if l.err != nil {
		return nil, l.err
	}
	return &Picture{Epoch: l.epoch.Load()}, nil
}

func (l *loader) Epoch(context.Context) (int64, error) { return l.epoch.Load(), l.err }

func TestHolderLoadsOncePerEpoch(t *testing.T) {
	t.Parallel()
	l := &loader{}
	l.epoch.Store(1)
	h, err := NewHolder(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	_, changed := h.Watch()
	l.epoch.Store(2)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if p, err := h.Reload(context.Background(), 2); err != nil || p.Epoch != 2 {
				t.Errorf("epoch %v, %v; want 2", p, err)
			}
		})
	}
	<-changed
	all.Wait()
	if got := l.loads.Load(); got != 2 {
		t.Errorf("%d loads; want the first, and one for the new epoch", got)
	}
	if _, changed := h.Watch(); isClosed(changed) {
		t.Error("the present picture says that it is not the present one")
	}
}

func TestFresh(t *testing.T) {
	t.Parallel()
	l := &loader{}
	l.epoch.Store(1)
	h, err := NewHolder(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	for _, epoch := range []int64{1, 2, 2, 5} {
		l.epoch.Store(epoch)
		if p, err := h.Fresh(t.Context()); err != nil || p.Epoch != epoch {
			t.Errorf("epoch %v, %v; want %d", p, err, epoch)
		}
	}
	if got := l.loads.Load(); got != 3 {
		t.Errorf("%d loads for 3 epochs", got)
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestHolderKeepsItsPictureWhenLoadingFails(t *testing.T) {
	t.Parallel()
	l := &loader{}
	l.epoch.Store(1)
	h, err := NewHolder(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	l.err = errors.New("the database is down")
	if _, err := h.Reload(t.Context(), 2); !errors.Is(err, l.err) {
		t.Errorf("%v; want the loader's error", err)
	}
	if h.Current().Epoch != 1 {
		t.Error("the picture is gone")
	}
}

func TestKeyOf(t *testing.T) {
	t.Parallel()
	old, fresh := sha256.Sum256([]byte("old")), sha256.Sum256([]byte("new"))
	provider := &Provider{ID: 1, Keys: []Key{{ID: 10, Hash: old, ExpiresAt: 1000}, {ID: 11, Hash: fresh}}}
	p := &Picture{KeyOwners: map[[sha256.Size]byte]*Provider{old: provider, fresh: provider}}
	for _, c := range []struct {
		key  string
		now  int64
		want int64 // number of the key; 0: none
	}{
		{"old", 999, 10}, {"old", 1000, 0}, {"new", 5000, 11}, {"nobody's", 0, 0}, {"", 0, 0},
	} {
		owner, key := p.KeyOf(sha256.Sum256([]byte(c.key)), c.now)
		switch {
		case c.want == 0 && (owner != nil || key != nil):
			t.Errorf("%q at %d opens %v", c.key, c.now, key)
		case c.want != 0 && (owner != provider || key == nil || key.ID != c.want):
			t.Errorf("%q at %d: %v; want key %d", c.key, c.now, key, c.want)
		}
	}
}

func TestEnvironmentIsStoredAsItIs(t *testing.T) {
	t.Parallel()
	table := value.Object([]value.Member{{Key: "won", Value: value.Text("accepted")}})
	e := Environment{Zone: "Europe/Amsterdam", Country: "+31", Revision: 1, Constants: []run.Field{
		{Name: "prefix", Value: value.Text("Deal")}, {Name: "stages", Value: table},
	}}
	got, err := ReadEnvironment(e.JSON())
	if err != nil {
		t.Fatal(err)
	}
	equal := cmp.Comparer(func(a, b value.Value) bool { return a.Equal(b) })
	if diff := cmp.Diff(e, got, equal); diff != "" {
		t.Error(diff)
	}
	turned := e
	turned.Constants = []run.Field{e.Constants[1], e.Constants[0]}
	if turned.Hash() != e.Hash() {
		t.Error("the order of constants changes the hash")
	}
	turned.Zone = "Europe/Lisbon"
	if turned.Hash() == e.Hash() {
		t.Error("another zone has the same hash")
	}
	if _, err := ReadEnvironment([]byte(`{"zone": 1}`)); err == nil {
		t.Error("a damaged environment is read")
	}
}
