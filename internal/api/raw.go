package api

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
)

func (s *Server) rawRows() []Row {
	return []Row{
		{"GET", "/v1/source-executions/{id}/raw", access.ReadRaw, "The body of a call as it came, where the tenant keeps those (raw_days in the settings); the server's log notes who looked", one(s.getRaw)},
	}
}

type rawView struct {
	SourceExecutionID string    `json:"source_execution_id"`
	ReceivedAt        time.Time `json:"received_at"`
	KeptUntil         time.Time `json:"kept_until"`
	Body              *string   `json:"body" doc:"Null where it is no text."`
	BodyBytes         []byte    `json:"body_bytes" doc:"The same in base64, where it is no text."`
}

func (s *Server) getRaw(ctx context.Context, in *idInput) (rawView, error) {
	n, err := number(id.SourceExecution, "source execution", in.ID)
	if err != nil {
		return rawView{}, err
	}
	who := caller(ctx)
	raw, err := s.Store.RawBody(ctx, who.TenantID, n)
	if err != nil {
		return rawView{}, err
	}
	s.Log.InfoContext(ctx, "a raw body was looked at", "by", who.PublicID(), "tenant", id.Format(id.Tenant, who.TenantID), "source_execution", in.ID)
	v := rawView{SourceExecutionID: in.ID, ReceivedAt: at(raw.ReceivedAt), KeptUntil: at(raw.Until)}
	if text := string(raw.Body); utf8.ValidString(text) {
		v.Body = &text
	} else {
		v.BodyBytes = raw.Body
	}
	return v, nil
}
