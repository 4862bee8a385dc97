package why

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
)

// Rekeyed is a thing that a re-key gave another external id.
type Rekeyed struct {
	record.Touched       // with the id it has now
	At             int64 // of the re-key that took the id from it
	Number         int64 // of that re-key
	There          bool  // it is still there under its id of now
	ProcessorID    int64 // whose re-key it was
	ProcessorName  string
}

func (r *Rekeyed) words() string {
	text := fmt.Sprintf("was re-keyed to “%s” on %s, after the spec of processor “%s” had changed.", r.Key.ExternalID, moment(r.At), r.ProcessorName)
	if !r.There {
		text += " It is not there any more under that id, either."
	}
	return text
}

// moved finds the thing that had the id and was given another, by the re-keys of each processor that were not taken back.
func (s *seeking) moved() error {
	if len(s.There) > 0 {
		return nil
	}
	for n := 1; ; n++ {
		p, err := s.Store.ListProcessors(s.ctx, processor.Filter{TenantID: s.TenantID, ProviderID: s.ProviderID}, page.Request{Number: n, Size: page.MaxSize})
		if err != nil {
			return err
		}
		for i := range p.Items {
			if err := s.movedBy(&p.Items[i]); err != nil {
				return err
			}
		}
		if len(p.Items) < page.MaxSize {
			break
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

func (s *seeking) movedBy(p *processor.Processor) error {
	about := record.Thing{Noun: record.ProcessorNoun, ID: p.ID}
	return s.Store.Snapshot(s.ctx, func(at record.Snapshot) error {
		journal, err := at.Journal([]record.Thing{about})
		if err != nil {
			return err
		}
		all, err := record.ReadRekeyed(journal[about])
		if err != nil {
			return err
		}
		for _, one := range all { // the newest that took the id counts; later ones may have moved the same thing on
			for _, m := range one.Moves {
				r := s.Rekeyed
				switch {
				case m.From.Noun != s.Noun || s.ProviderID != 0 && m.From.ProviderID != s.ProviderID:
				case m.From.ExternalID == s.ExternalID && (r == nil || r.At <= one.At):
					s.Rekeyed = &Rekeyed{
						Touched: record.Touched{Thing: record.Thing{Noun: m.From.Noun, ID: m.ID}, Key: m.To},
						At:      one.At, Number: one.By.Rekey, ProcessorID: p.ID, ProcessorName: p.Name,
					}
				case r != nil && r.ID == m.ID && r.Key == m.From:
					r.Key = m.To
				}
			}
		}
		return nil
	})
}
