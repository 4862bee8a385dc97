package api

import (
	"context"
	"encoding/csv"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/tenant"
)

// cell is a column of an export: its head, and what stands in it.
type cell[T any] struct {
	head string
	text func(T, *sheet) string
}

// sheet is what cells are written with.
type sheet struct {
	tenant    tenant.Tenant
	zone      *time.Location    // moments are in it
	providers map[string]string // their names by their ids
}

func (s *Server) sheet(ctx context.Context) (*sheet, error) {
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return nil, err
	}
	of := &sheet{tenant: t, zone: time.UTC, providers: map[string]string{}}
	if zone, err := time.LoadLocation(t.TimeZone); err == nil {
		of.zone = zone
	}
	for r := (page.Request{Number: 1, Size: page.MaxSize}); ; r.Number++ {
		p, err := s.Store.ListProviders(ctx, provider.Filter{TenantID: t.ID}, r)
		if err != nil {
			return nil, err
		}
		for _, one := range p.Items {
			of.providers[id.Format(id.Provider, one.ID)] = one.Name
		}
		if len(p.Items) < r.Size {
			return of, nil
		}
	}
}

// contact is a contact key. One that looks like an e-mail address or a phone number becomes the pseudonym that the doors put in
// its place, be it that the tenant lets records have it: who leaves with a file takes no personal data along.
func (s *sheet) contact(key *string) string {
	if key == nil {
		return ""
	}
	kind := shape.Contact(s.tenant.Country, *key)
	if kind == "" {
		return *key
	}
	made, err := pseudonym.Of(s.tenant.PseudonymKey, s.tenant.Country, kind, *key)
	if err != nil {
		return ""
	}
	return made
}

// stamp is a moment as spreadsheets read it.
func (s *sheet) stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.zone).Format("2006-01-02 15:04:05")
}

func (s *sheet) stampOrNone(t *time.Time) string {
	if t == nil {
		return ""
	}
	return s.stamp(*t)
}

// exportPage is how many rows are read at once.
const exportPage = 500

// exportMost is how many rows one export has, which is about what a spreadsheet takes.
const exportMost = 1_000_000

// exported is a route that gives a whole list, with the same filters, as CSV for a spreadsheet: row after row, however long
// it is. No column holds what may be personal: e-mail addresses, bodies, and sentences that quote from them.
func exported[I any, P interface {
	*I
	paged
}, T any](cells []cell[T], do func(context.Context, *I, page.Request) (page.Page[T], error)) func(*Server, Row) {
	return func(s *Server, row Row) {
		op := operation[I](s, row, http.StatusOK)
		op.Responses = map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{
			"text/csv": {Schema: &huma.Schema{Type: huma.TypeString, Description: "UTF-8 with a byte order mark. Separated by commas; by semicolons for who accepts Dutch."}},
		}}}
		huma.Register(s.huma, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
			r, err := P(in).request()
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			r.Size = exportPage
			first, err := do(ctx, in, r)
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			of, err := s.sheet(ctx)
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			name := strings.ReplaceAll(tag(row.Path), "/", "-") + "-" + s.Now().In(of.zone).Format("2006-01-02-1504") + ".csv"
			return &huma.StreamResponse{Body: func(hc huma.Context) {
				q, w := humago.Unwrap(hc)
				w.Header().Set("Content-Type", "text/csv; charset=utf-8")
				w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
				control := http.NewResponseController(w)
				_, _ = w.Write([]byte("\ufeff"))
				out := csv.NewWriter(w)
				if (Spoken{q.Header.Get("Accept-Language")}).dutch() {
					out.Comma = ';' // what a spreadsheet there expects
				}
				line := make([]string, len(cells))
				for i, c := range cells {
					line[i] = c.head
				}
				_ = out.Write(line) // an error stays, and ends it below
				for p, n := first, 0; ; {
					_ = control.SetWriteDeadline(time.Now().Add(streamLimit)) // a writer of a test knows no limits
					for _, item := range told(ctx, p.Items) {
						for i, c := range cells {
							line[i] = harmless(c.text(item, of))
						}
						_ = out.Write(line)
					}
					out.Flush()
					if n += len(p.Items); p.Next == nil || n >= exportMost || out.Error() != nil || ctx.Err() != nil {
						return
					}
					r.Cursor = p.Next
					if p, err = do(ctx, in, r); err != nil {
						s.cut(ctx, err)
					}
				}
			}}, nil
		})
	}
}

// cut ends an answer that has begun, so that nobody takes a part of it for the whole.
func (s *Server) cut(ctx context.Context, err error) {
	s.Log.WarnContext(ctx, "an export was cut off", "error", err)
	panic(http.ErrAbortHandler)
}

var plainNumber = regexp.MustCompile(`^-?[0-9]+([.,][0-9]+)?$`)

// harmless is a text that no spreadsheet takes for a formula.
func harmless(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(text)[0]) || plainNumber.MatchString(text) {
		return text
	}
	return "'" + text
}

func orNone(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
