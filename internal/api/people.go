package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// people are the names of users and API keys, each asked for once in a request.
type people struct {
	s     *Server
	ctx   context.Context
	names map[string]string
}

func (s *Server) people(ctx context.Context) *people {
	return &people{s: s, ctx: ctx, names: map[string]string{}}
}

// made gives the name of the user or API key that made something; nil: a delivery or a rule did.
func (p *people) made(m makerView) (name *string, err error) {
	if m.OriginID == nil || m.Origin == record.FromProvider {
		return nil, nil
	}
	who, known := p.names[*m.OriginID]
	if !known {
		if who, err = p.s.nameOf(p.ctx, *m.OriginID); err != nil {
			return nil, err
		}
		p.names[*m.OriginID] = who
	}
	return orNull(who), nil
}
