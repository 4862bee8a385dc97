package why

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
)

// Rekeyed is a thing that a re-key, or what took one back, gave another external id.
type Rekeyed struct {
	record.Touched       // with the id it has now
	At             int64 // of what took the id from it
	Number         int64 // of that re-key, or of the one that was taken back
	TakenBack      bool  // the id was that of a re-key which was taken back
	There          bool  // it is still there under its id of now
	ProcessorID    int64 // whose re-key it was
	ProcessorName  string
}

func (r *Rekeyed) words() string {
	text := fmt.Sprintf("was re-keyed to “%s” on %s, after the spec of processor “%s” had changed.", r.Key.ExternalID, moment(r.At), r.ProcessorName)
	if r.TakenBack {
		text = fmt.Sprintf("is “%s” now: the re-key of processor “%s” that had given it the id was taken back on %s.", r.Key.ExternalID, r.ProcessorName, moment(r.At))
	}
	if !r.There {
		text += " It is not there any more under that id, either."
	}
	return text
}

// moved finds the thing that had the id and was given another, by re-keys of any processor and by what took them back.
func (s *seeking) moved() error {
	if len(s.There) > 0 {
		return nil
	}
	var all []rekeying
	for n := 1; ; n++ {
		p, err := s.Store.ListProcessors(s.ctx, processor.Filter{TenantID: s.TenantID, ProviderID: s.ProviderID}, page.Request{Number: n, Size: page.MaxSize})
		if err != nil {
			return err
		}
		for i := range p.Items {
			some, err := s.rekeyings(&p.Items[i])
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		if len(p.Items) < page.MaxSize {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b rekeying) int { return cmp.Compare(a.at, b.at) })
	for _, one := range all { // the last that took the id counts; later ones may have moved the same thing on
		for _, m := range one.moves {
			r := s.Rekeyed
			switch {
			case m.From.Noun != s.Noun || s.ProviderID != 0 && m.From.ProviderID != s.ProviderID:
			case m.From.ExternalID == s.ExternalID:
				s.Rekeyed = &Rekeyed{
					Touched: record.Touched{Thing: record.Thing{Noun: m.From.Noun, ID: m.ID}, Key: m.To},
					At:      one.at, Number: cmp.Or(one.by.Redoes, one.by.Rekey), TakenBack: one.by.Redoes != 0,
					ProcessorID: one.processor.ID, ProcessorName: one.processor.Name,
				}
			case r != nil && r.ID == m.ID && r.Key == m.From:
				if r.Key = m.To; r.Key.ExternalID == s.ExternalID { // it was given back
					s.Rekeyed = nil
				}
			}
		}
	}
	if s.Rekeyed == nil {
		return nil
	}
	now, err := s.Store.Keyed(s.ctx, s.TenantID, s.Noun, s.Rekeyed.Key.ExternalID)
	for _, t := range now {
		s.Rekeyed.There = s.Rekeyed.There || t.ID == s.Rekeyed.ID
	}
	return err
}

// rekeying is a part of a re-key, or of what took one back.
type rekeying struct {
	processor *processor.Processor
	by        record.Maker
	at        int64
	moves     []record.Move
}

func (s *seeking) rekeyings(p *processor.Processor) (all []rekeying, err error) {
	about := record.Thing{Noun: record.ProcessorNoun, ID: p.ID}
	err = s.Store.Snapshot(s.ctx, func(at record.Snapshot) error {
		all = nil
		journal, err := at.Journal([]record.Thing{about})
		if err != nil {
			return err
		}
		return record.EachRekey(journal[about], func(by record.Maker, at int64, moves []record.Move) {
			all = append(all, rekeying{p, by, at, moves})
		})
	})
	return all, err
}
