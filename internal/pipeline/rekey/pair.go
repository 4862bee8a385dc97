package rekey

import (
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/processor"
)

// writer is a delivery that wrote a thing, with the version that ran on it and the external id the thing had for that.
type writer struct {
	delivery int64
	version  int
	name     string
}

// pairs finds the new keys of things that have just one, which nobody has or gets. The others are listed.
func (j *job) pairs(made []trial.Made) ([]Moved, error) {
	writers, shared, err := j.writers(made)
	if err != nil {
		return nil, err
	}
	var found []Moved
	onto := map[record.Key][]int{} // of found
	for _, m := range made {
		to, still, err := j.newKeys(m, writers[m.ID])
		switch {
		case err == nil:
		case fault.Ours(err):
			return nil, err
		default: // the delivery is not kept any more, or the version does not check any more
			j.left(m, Unknown)
			continue
		}
		ids := make([]string, len(to))
		for i := range to {
			ids[i] = to[i].To.ExternalID
		}
		switch {
		case len(to) == 0:
		case len(to) > 1:
			j.left(m, Splits, ids...)
		case still:
			j.left(m, Still, ids...)
		case shared[m.ID]:
			j.left(m, Shared, ids...)
		default:
			onto[to[0].To] = append(onto[to[0].To], len(found))
			found = append(found, to[0])
		}
	}
	return j.free(found, onto)
}

// free keeps the moves whose new key is nobody's.
func (j *job) free(found []Moved, onto map[record.Key][]int) ([]Moved, error) {
	need := &record.Need{}
	for key := range onto {
		need.Keys = append(need.Keys, key)
	}
	need.Normalize()
	var loaded *record.Loaded
	err := j.Store.Snapshot(j.ctx, func(at record.Snapshot) (err error) {
		loaded, err = at.Load(need)
		return err
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(m Moved) bool {
		thing := trial.Made{ID: m.ID, Key: m.From}
		switch {
		case len(onto[m.To]) > 1:
			j.left(thing, Merges, m.To.ExternalID)
		case loaded.Rows[m.To] != nil || loaded.Identities[m.To] != nil:
			j.left(thing, Taken, m.To.ExternalID)
		default:
			return false
		}
		return true
	}), nil
}

// newKeys gives the keys under which the current version would write a thing, each once, and whether it still writes it
// under the one it has.
func (j *job) newKeys(m trial.Made, by []writer) (to []Moved, still bool, err error) {
	for _, w := range by {
		renamed, err := j.renames.On(w.delivery, w.version)
		if err != nil {
			return nil, false, err
		}
		still = still || renamed.Writes(m.Key.Noun, m.Key.ExternalID)
		for _, r := range renamed.To(m.Key.Noun, w.name) {
			if r.After == m.Key.ExternalID { // an earlier re-key gave it that
				continue
			}
			move := Moved{Move: record.Move{ID: m.ID, From: m.Key, To: m.Key}, Step: r.Step, Delivery: w.delivery}
			move.To.ExternalID = r.After
			if !slices.ContainsFunc(to, func(x Moved) bool { return x.To == move.To }) {
				to = append(to, move)
			}
		}
	}
	return to, still, nil
}

// writers finds the deliveries that wrote each thing, as its maker, its newest mark and its journal tell, and the things
// that others than the processor wrote, too.
func (j *job) writers(made []trial.Made) (by map[int64][]writer, shared map[int64]bool, err error) {
	things := make([]record.Thing, len(made))
	for i, m := range made {
		things[i] = record.Thing{Noun: m.Key.Noun, ID: m.ID}
	}
	var journal map[record.Thing][]record.Entry
	last := make([]record.MarkedRun, len(made))
	err = j.Store.Snapshot(j.ctx, func(at record.Snapshot) (err error) {
		for i, m := range made {
			if last[i], err = at.LastRun(j.ask.By.TenantID, m.Mark); err != nil {
				return err
			}
		}
		journal, err = at.Journal(things)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	others, err := j.others()
	if err != nil {
		return nil, nil, err
	}
	by, shared = map[int64][]writer{}, map[int64]bool{}
	for i, m := range made {
		names, err := record.ReadNames(m.Key.ExternalID, journal[things[i]])
		if err != nil {
			return nil, nil, err
		}
		add := func(delivery int64, version int) {
			w := writer{delivery, version, names.Under(version)}
			if w.delivery != 0 && w.version != 0 && !slices.Contains(by[m.ID], w) {
				by[m.ID] = append(by[m.ID], w)
			}
		}
		add(m.Maker.Delivery, m.Maker.Version)
		switch {
		case last[i].Processor == j.ask.Processor:
			add(last[i].Delivery, last[i].Version)
		case m.Mark != (record.Mark{}): // an identity without a name has none
			shared[m.ID] = true
		}
		if others[m.Key.Noun] {
			shared[m.ID] = true
		}
		for _, e := range journal[things[i]] {
			if strings.Contains(string(e.Before), `"entity_id"`) { // a link is no write
				continue
			}
			maker, err := record.ReadMaker(e.MadeBy)
			if err != nil {
				return nil, nil, err
			}
			switch {
			case maker.Undo != 0 || maker.Delivery == 0:
			case maker.Processor == j.ask.Processor:
				add(maker.Delivery, maker.Version)
			default:
				shared[m.ID] = true
			}
		}
	}
	return by, shared, nil
}

// others are the kinds of identity that other processors of the provider write, too: who writes an identity that is there
// already leaves nothing on it, so it is told from their specs.
func (j *job) others() (map[string]bool, error) {
	if j.identities != nil {
		return j.identities, nil
	}
	j.identities = map[string]bool{}
	store := j.Trials.Store
	this, err := store.Processor(j.ctx, j.ask.By.TenantID, j.ask.Processor)
	if err != nil {
		return nil, err
	}
	filter := processor.Filter{TenantID: j.ask.By.TenantID, ProviderID: this.ProviderID}
	for r := (page.Request{Size: page.MaxSize}); ; {
		p, err := store.ListProcessors(j.ctx, filter, r)
		if err != nil {
			return nil, err
		}
		for _, other := range p.Items {
			if other.ID == this.ID || other.Version == 0 {
				continue
			}
			v, err := store.SpecVersion(j.ctx, j.ask.By.TenantID, other.ID, other.Version)
			if err != nil {
				return nil, err
			}
			for _, kind := range record.IdentityKinds {
				if strings.Contains(string(v.Tree), `"upsert_`+kind.Noun+`_external_identity"`) {
					j.identities[kind.KeyNoun] = true
				}
			}
		}
		if r.Cursor = p.Next; p.Next == nil {
			return j.identities, nil
		}
	}
}
