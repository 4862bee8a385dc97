package api

import (
	"context"
	"strings"

	"github.com/dealwright/dealwright/internal/language"
	"github.com/dealwright/dealwright/internal/spec/library"
)

// told is an answer as its caller is answered: for who accepts Dutch, what the server says in it is put into Dutch here,
// and nowhere before. What is stored, logged and sent to other systems is in English.
func told[T any](ctx context.Context, v T) T {
	if !callOf(ctx).dutch {
		return v
	}
	return language.Answer(v)
}

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
