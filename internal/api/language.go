package api

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/trace"
)

// Spoken is the language in which an answer's texts are asked for. What has no Dutch is told in English.
type Spoken struct {
	Language string `header:"Accept-Language" doc:"nl: titles and helps of the library in Dutch; anything else: in English."`
}

func (s Spoken) dutch() bool { return strings.HasPrefix(strings.ToLower(s.Language), "nl") }

// library is the one whose texts are in that language.
func (s Spoken) library(of *library.Library) *library.Library {
	if s.dutch() {
		return of.InDutch()
	}
	return of
}

// titles puts the titles of fields into that language.
func (s Spoken) titles(steps []*trace.Step) {
	if !s.dutch() {
		return
	}
	for _, step := range steps {
		for _, f := range step.Fields {
			f.Title = library.Dutch(f.Title)
		}
		s.titles(step.Body)
		for _, b := range step.Branches {
			s.titles(b.Steps)
		}
		for _, i := range step.Items {
			s.titles(i.Steps)
		}
	}
}
