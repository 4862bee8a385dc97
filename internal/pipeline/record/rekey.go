package record

import (
	"errors"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// keyName is what the journal calls the external id.
const keyName = "external_id"

// Why a thing does not get another key.
var (
	ErrGone  = errors.New("it is not there under this external_id any more")
	ErrTaken = errors.New("there is another one with the new external_id")
)

// Rekey gives a record or an identity another external id. It stays the thing it was: number, marks, locks and maker go
// along, and what refers to it does so by number. ErrGone and ErrTaken leave everything as it is.
func (s *Stage) Rekey(w *Writer, from, to Key) error {
	if from.Noun != to.Noun || from.ProviderID != to.ProviderID {
		return fmt.Errorf("%v cannot become %v: only the external id may be another", from, to)
	}
	var image before
	image.name(keyName)
	image.b = value.Text(from.ExternalID).AppendJSON(image.b)
	image.b = append(image.b, ']')
	if from.IsIdentity() {
		place, target := s.identityPlace(from), s.identityPlace(to)
		was := s.identities.now(place)
		if err := mayMove(was != nil, s.identities.now(target) != nil); err != nil {
			return err
		}
		next := *was
		if next.Name == from.ExternalID { // nobody has given it a name
			next.Name = to.ExternalID
		}
		next.Key, next.UpdatedAt = to, s.now
		s.identities.set(place, nil)
		s.identities.set(target, &next)
		s.enter(w, "", from.Noun, was.ID, was.TenantID, image.done())
		return nil
	}
	place, target := s.rowPlace(from), s.rowPlace(to)
	was := s.rows.now(place)
	if err := mayMove(was != nil, s.rows.now(target) != nil); err != nil {
		return err
	}
	next := *was
	next.Key, next.UpdatedAt = to, s.now
	s.rows.set(place, nil)
	s.setRow(target, &next)
	s.enter(w, "", from.Noun, was.ID, was.TenantID, image.done())
	return nil
}

func mayMove(there, taken bool) error {
	switch {
	case !there:
		return ErrGone
	case taken:
		return ErrTaken
	}
	return nil
}

// Move is a thing that gets another key.
type Move struct {
	ID       int64
	From, To Key
}

// ProcessorNoun is that of processors in the journal: it tells of each time things of one got other keys.
const ProcessorNoun = "processor"

// RekeyedImage is a line about moves in the journal of a processor: {"rekeyed":[["sale",12,2,"7","deal 7"]]}.
func RekeyedImage(moves []Move) []byte {
	list := make([]value.Value, len(moves))
	for i, m := range moves {
		list[i] = value.List([]value.Value{
			value.Text(m.From.Noun), value.Int(m.ID), value.Int(m.From.ProviderID), value.Text(m.From.ExternalID), value.Text(m.To.ExternalID),
		})
	}
	return value.Object([]value.Member{{Key: "rekeyed", Value: value.List(list)}}).AppendJSON(nil)
}

// Rekeyed is what one re-key did, as the journal of the processor tells it.
type Rekeyed struct {
	By    Maker // its number is By.Rekey
	At    int64 // when its first group was done
	Moves []Move
}

// ReadRekeyed reads the journal of a processor: the re-keys in their order, with the moves that were not taken back.
// Those of which none is left are there as well.
func ReadRekeyed(entries []Entry) (all []Rekeyed, err error) {
	places := map[int64]int{}
	back := map[int64]map[Move]bool{}
	err = EachRekey(entries, func(by Maker, at int64, moves []Move) {
		if by.Redoes != 0 {
			if back[by.Redoes] == nil {
				back[by.Redoes] = map[Move]bool{}
			}
			for _, m := range moves {
				back[by.Redoes][m.Back()] = true
			}
			return
		}
		place, known := places[by.Rekey]
		if !known {
			place = len(all)
			places[by.Rekey] = place
			all = append(all, Rekeyed{By: by, At: at})
		}
		all[place].Moves = append(all[place].Moves, moves...)
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Moves = slices.DeleteFunc(all[i].Moves, func(m Move) bool { return back[all[i].By.Rekey][m] })
	}
	return all, nil
}

// ReadMoves reads all moves from the journal of a processor, those that took others back as well.
func ReadMoves(entries []Entry) (all []Move, err error) {
	err = EachRekey(entries, func(_ Maker, _ int64, moves []Move) { all = append(all, moves...) })
	return all, err
}

// EachRekey gives the lines of a processor's journal that are about re-keys and undos of them, with their moment and moves.
func EachRekey(entries []Entry, do func(by Maker, at int64, moves []Move)) error {
	for i := range entries {
		by, err := ReadMaker(entries[i].MadeBy)
		if err != nil {
			return err
		}
		if by.Rekey == 0 {
			continue
		}
		moves, err := readMoves(entries[i].Before)
		if err != nil {
			return fmt.Errorf("what re-key %d moved: %w", by.Rekey, err)
		}
		do(by, entries[i].At, moves)
	}
	return nil
}

// Back is the move that takes it back.
func (m Move) Back() Move { return Move{ID: m.ID, From: m.To, To: m.From} }

// Names are the external ids that a thing has had, as its re-keys tell.
type Names struct {
	now   string
	lines []formerName
}

type formerName struct {
	name string
	by   int // the version whose ids were given; 0: a re-key was taken back
}

// ReadNames reads the journal of a thing that has an external id now.
func ReadNames(now string, entries []Entry) (Names, error) {
	n := Names{now: now}
	for i := range entries {
		by, err := ReadMaker(entries[i].MadeBy)
		if err != nil {
			return n, err
		}
		if by.Rekey == 0 {
			continue
		}
		v, syntax := value.ParseJSON(entries[i].Before, value.Limits{Bytes: len(entries[i].Before) + 1})
		if syntax != nil {
			return n, syntax
		}
		n.lines = append(n.lines, formerName{v.Get(keyName).At(0).Text(), by.Version})
	}
	return n, nil
}

// Under gives the external id that the thing had for runs of a version: what the newest re-key to that version or to
// one before it gave, or else what it had at first.
func (n Names) Under(version int) string {
	names := make([]string, 0, len(n.lines)+1) // what the thing had before each line, and what it has now
	given := 0
	for i, line := range n.lines {
		names = append(names, line.name)
		if line.by != 0 && line.by <= version {
			given = i + 1
		}
	}
	return append(names, n.now)[given]
}

func readMoves(image []byte) (moves []Move, err error) {
	v, syntax := value.ParseJSON(image, value.Limits{Bytes: len(image) + 1})
	if syntax != nil {
		return nil, syntax
	}
	for _, one := range v.Get("rekeyed").Items() {
		thing, _ := one.At(1).Decimal().Int64()
		provider, _ := one.At(2).Decimal().Int64()
		m := Move{ID: thing, From: Key{ProviderID: provider, Noun: one.At(0).Text(), ExternalID: one.At(3).Text()}}
		m.To = m.From
		m.To.ExternalID = one.At(4).Text()
		moves = append(moves, m)
	}
	return moves, nil
}

// Note adds a line to the journal of a thing that is not on the stage.
func (s *Stage) Note(w *Writer, t Thing, image []byte) {
	s.enter(w, "", t.Noun, t.ID, w.TenantID, image)
}
