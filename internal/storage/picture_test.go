package storage_test

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
	"github.com/dealwright/dealwright/internal/tenant"
)

const simple = `
spec: 1
source_model: webhook.payload
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
`

const withConstant = `
spec: 1
source_model: webhook.payload
constants:
  - {name: prefix, type: string}
  - {name: factor, type: number, default: 1}
instructions:
  - type: upsert_agent_external_identity
    external_id: =concat(prefix, event.agent, factor)
`

func object(pairs ...any) value.Value {
	var members []value.Member
	for i := 0; i < len(pairs); i += 2 {
		members = append(members, value.Member{Key: pairs[i].(string), Value: pairs[i+1].(value.Value)})
	}
	return value.Object(members)
}

// load is a loader at work on a database with a tenant.
type load struct {
	*pipelinetest.Tenant
	db     *storage.DB
	loader *storage.PictureLoader
}

func newLoad(t *testing.T, d *storagetest.Database) *load {
	t.Helper()
	db := d.Open(t)
	node := &pipelinetest.Node{DB: db, Library: library.Standard()}
	return &load{Tenant: node.Tenant(t, "acme"), db: db, loader: storage.NewPictureLoader(db, node.Library)}
}

func (l *load) picture(t *testing.T) *plan.Picture {
	t.Helper()
	p, err := l.loader.LoadPicture(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPictureHasWhatIsInForce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		l := newLoad(t, d)
		source, processors := l.AddSource(t, "Deals", simple, simple, simple)
		if _, err := processor.Disable(t.Context(), l.db, l.ID, processors[1]); err != nil {
			t.Fatal(err)
		}
		gone, _ := l.AddSource(t, "Gone", simple)
		always := func(tenant.Dependents) error { return nil }
		if err := l.db.DeleteSource(t.Context(), l.ID, gone.ID, always); err != nil {
			t.Fatal(err)
		}

		p := l.picture(t)
		if epoch, err := l.loader.Epoch(t.Context()); err != nil || epoch != p.Epoch {
			t.Errorf("epoch %d of the picture, %d of the database, %v", p.Epoch, epoch, err)
		}
		if p.Sources[gone.ID] != nil {
			t.Error("a deleted source is there")
		}
		var ran []int64
		for _, link := range p.Sources[source.ID].Links {
			if link.Program == nil || link.Wait != "" || link.Zone != "Europe/Amsterdam" || link.Country != "+31" || link.EnvironmentID == 0 {
				t.Errorf("link %+v; want it ready", link)
			}
			ran = append(ran, link.ProcessorID)
		}
		if diff := cmp.Diff([]int64{processors[0], processors[2]}, ran); diff != "" {
			t.Errorf("processors that run, in order:\n%s", diff)
		}
		if !p.Tenants[l.ID].Kinds["sale"] || p.Sources[source.ID].Provider.Tenant != p.Tenants[l.ID] {
			t.Error("the tenant is not as it is set")
		}
	})
}

func TestPictureKnowsWhatLinksWaitFor(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		l := newLoad(t, d)
		source, _ := l.AddSource(t, "Deals")
		id := l.AddProcessor(t, "Deals", withConstant)
		link := func() plan.Link { return l.picture(t).Sources[source.ID].Links[0] }
		for name, c := range map[string]struct {
			constants value.Value
			wait      string
		}{
			"no value":       {object(), "incomplete_link"},
			"a wrong value":  {object("prefix", value.Int(5)), "incomplete_link"},
			"null":           {object("prefix", value.Null()), "incomplete_link"},
			"a value":        {object("prefix", value.Text("x")), ""},
			"a value of old": {object("prefix", value.Text("x"), "gone", value.Int(1)), ""},
		} {
			l.Link(t, source.ID, processor.Link{ProcessorID: id, Constants: c.constants})
			got := link()
			if got.Wait != c.wait {
				t.Errorf("%s: waits for %q; want %q", name, got.Wait, c.wait)
			}
			if c.wait == "" && len(got.Constants) != 1 {
				t.Errorf("%s: %d constants; those that are gone are dropped", name, len(got.Constants))
			}
		}
		l.spoil(t, id)
		if got := link(); got.Wait != "suspended" || got.Program != nil {
			t.Errorf("%+v; want it suspended", got)
		}
		l.Save(t, id, simple)
		if got := link(); got.Wait != "" {
			t.Errorf("waits for %q once it is mended", got.Wait)
		}
	})
}

// spoil makes the saved spec one that no longer checks, as an upgrade may.
func (l *load) spoil(t *testing.T, processorID int64) {
	t.Helper()
	err := l.db.Write(t.Context(), func(tx *storage.Tx) error {
		if _, err := tx.Exec(`DELETE FROM spec_versions WHERE processor_id = ?`, processorID); err != nil {
			return err
		}
		number, err := tx.NextNumber()
		if err != nil {
			return err
		}
		_, err = tx.Exec(`
			INSERT INTO spec_versions (id, processor_id, version, tree, content_hash, program_hash, note, created_by, created_at)
			VALUES (?, ?, (SELECT current_version FROM processors WHERE id = ?), '{"spec":1,"source_model":"webhook.payload","instructions":[{"type":"gone"}]}', ?, ?, '', 'usr_0000000001', 0)`,
			number, processorID, processorID, []byte{1}, []byte{1})
		if err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPictureKeepsWhatDidNotChange(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		l := newLoad(t, d)
		source, processors := l.AddSource(t, "Deals", simple, simple)
		before := l.picture(t).Sources[source.ID].Links
		l.Save(t, processors[1], simple+"    external_name: =event.name\n")
		after := l.picture(t).Sources[source.ID].Links
		if after[0].Program != before[0].Program {
			t.Error("a program that did not change was made again")
		}
		if after[1].Program == before[1].Program || after[1].Version != 2 {
			t.Errorf("version %d; want the new program", after[1].Version)
		}
		// Links that depend on the same share an environment; a setting makes another.
		if before[0].EnvironmentID != before[1].EnvironmentID || before[0].EnvironmentID != after[0].EnvironmentID {
			t.Error("equal environments are stored more than once")
		}
		_, err := l.db.ChangeTenant(t.Context(), l.ID, func(t tenant.Tenant) (tenant.Tenant, error) {
			t.TimeZone = "Europe/Lisbon"
			return t, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		moved := l.picture(t).Sources[source.ID].Links
		if moved[0].EnvironmentID == before[0].EnvironmentID {
			t.Error("another zone has the same environment")
		}
		e, err := l.db.Environment(t.Context(), moved[0].EnvironmentID)
		if err != nil || e.Zone != "Europe/Lisbon" {
			t.Errorf("%+v, %v; want what the link says", e, err)
		}
		// A second node finds the stored ones.
		other := storage.NewPictureLoader(l.db, library.Standard())
		again, err := other.LoadPicture(t.Context())
		if err != nil || again.Sources[source.ID].Links[0].EnvironmentID != moved[0].EnvironmentID {
			t.Errorf("another loader made another environment, %v", err)
		}
	})
}

func TestPictureKnowsWhoseKeyItIs(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		l := newLoad(t, d)
		hash := func(secret string) [sha256.Size]byte { return sha256.Sum256([]byte(secret)) }
		now := l.db.Now()
		key, fresh := provider.NewKey()
		if _, err := l.db.RenewProviderKey(t.Context(), l.ID, l.Provider.ID, key, time.Hour); err != nil {
			t.Fatal(err)
		}
		p := l.picture(t)
		for name, c := range map[string]struct {
			secret string
			at     int64
			opens  bool
		}{
			"the new key":                 {fresh, now, true},
			"the new key in a year":       {fresh, now + 365*24*3600*1_000_000, true},
			"the old key now":             {l.Key, now, true},
			"the old key after its time":  {l.Key, now + 2*3600*1_000_000, false},
			"a key that was never made":   {"pk_live_nobody", now, false},
			"the hash of a key as a key":  {key.Hint, now, false},
			"the old key with a space":    {l.Key + " ", now, false},
			"nothing at all":              {"", now, false},
			"the new key in another case": {"PK_LIVE" + fresh[7:], now, false},
		} {
			owner, _ := p.KeyOf(hash(c.secret), c.at)
			if (owner != nil) != c.opens {
				t.Errorf("%s: opens %v; want %v", name, owner != nil, c.opens)
			}
		}
	})
}

func TestLinkOfWhatIsNotLinked(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		l := newLoad(t, d)
		source, _ := l.AddSource(t, "Deals", simple)
		off := l.AddProcessor(t, "Off", simple)
		if _, err := processor.Disable(t.Context(), l.db, l.ID, off); err != nil {
			t.Fatal(err)
		}
		link, err := l.loader.Link(t.Context(), l.ID, off, source.ID)
		if err != nil || link.Program == nil || link.Position != 1 || link.EnvironmentID == 0 {
			t.Errorf("%+v, %v; want it to run after those that are linked", link, err)
		}
		unfit := l.AddProcessor(t, "Unfit", withConstant)
		empty, err := processor.New(library.Standard(), l.ID, l.Provider.ID, "Empty", "webhook.payload")
		if err == nil {
			empty, err = l.db.AddProcessor(context.WithoutCancel(t.Context()), empty)
		}
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			tenant, processor int64
			want              fault.Kind
		}{
			"a constant without a value": {l.ID, unfit, fault.Conflict},
			"an empty spec":              {l.ID, empty.ID, fault.Conflict},
			"another tenant":             {l.ID + 1, off, fault.NotFound},
			"nothing":                    {l.ID, 1, fault.NotFound},
		} {
			if _, err := l.loader.Link(t.Context(), c.tenant, c.processor, source.ID); !fault.Is(err, c.want) {
				t.Errorf("%s: %v; want %s", name, err, c.want.Code())
			}
		}
	})
}
