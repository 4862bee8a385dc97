package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/reply"
)

// Row is one line of the route table.
type Row struct {
	Method     string
	Path       string
	Permission access.Permission
	Summary    string
	handle     func(*Server, Row)
}

// answer is the success of one call.
type answer[T any] struct {
	ETag string `header:"ETag" doc:"Version of the thing; send it as If-Match with a change to be sure that nobody else was first."`
	Body reply.Success[T]
}

// versioned things have an ETag.
type versioned interface{ version() string }

// one is a route that answers with one thing.
func one[I, T any](do func(context.Context, *I) (T, error)) func(*Server, Row) {
	return respond(http.StatusOK, do)
}

// made is a route that makes a thing.
func made[I, T any](do func(context.Context, *I) (T, error)) func(*Server, Row) {
	return respond(http.StatusCreated, do)
}

func respond[I, T any](status int, do func(context.Context, *I) (T, error)) func(*Server, Row) {
	return func(s *Server, row Row) {
		op := operation[I](s, row, status)
		s.callOnce(row, &op)
		huma.Register(s.huma, op, func(ctx context.Context, in *I) (*answer[T], error) {
			v, err := do(ctx, in)
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			out := &answer[T]{Body: reply.Success[T]{Data: told(ctx, v), Meta: s.meta(ctx)}}
			if v, ok := any(v).(versioned); ok {
				out.ETag = v.version()
			}
			return out, nil
		})
	}
}

// paged is the input of a route that gives a list.
type paged interface{ request() (page.Request, error) }

// many is a route that answers with a page of a list.
func many[I any, P interface {
	*I
	paged
}, T any](do func(context.Context, *I, page.Request) (page.Page[T], error)) func(*Server, Row) {
	return func(s *Server, row Row) {
		huma.Register(s.huma, operation[I](s, row, http.StatusOK), func(ctx context.Context, in *I) (*answer[[]T], error) {
			r, err := P(in).request()
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			p, err := do(ctx, in, r)
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			return &answer[[]T]{Body: reply.Success[[]T]{Data: told(ctx, p.Items), Meta: listMeta(s.meta(ctx), r, p)}}, nil
		})
	}
}

// listMeta adds what lists say about themselves.
func listMeta[T any](m reply.Meta, r page.Request, p page.Page[T]) reply.Meta {
	m.PerPage, m.Total, m.NextCursor = r.Size, p.Total, p.Next.String()
	if r.Cursor == nil {
		m.Page = r.Number
	}
	if p.Total != nil {
		m.TotalPages = int((*p.Total + int64(r.Size) - 1) / int64(r.Size))
	}
	return m
}

// none is a route that answers with nothing.
func none[I any](do func(context.Context, *I) error) func(*Server, Row) {
	return func(s *Server, row Row) {
		op := operation[I](s, row, http.StatusNoContent)
		s.callOnce(row, &op)
		huma.Register(s.huma, op, func(ctx context.Context, in *I) (*struct{}, error) {
			if err := do(ctx, in); err != nil {
				return nil, s.failure(ctx, err)
			}
			return nil, nil
		})
	}
}

// operation describes a row and puts its guards before the handler: first who, then what.
func operation[I any](s *Server, row Row, status int) huma.Operation {
	op := huma.Operation{
		OperationID:   operationID(row),
		Method:        row.Method,
		Path:          row.Path,
		Summary:       row.Summary,
		Tags:          []string{tag(row.Path)},
		DefaultStatus: status,
		Extensions:    map[string]any{"x-permission": string(row.Permission)},
		Middlewares:   huma.Middlewares{s.guard(row)},
	}
	if row.Permission != access.Public {
		op.Security = []map[string][]string{{"key": {}}, {"session": {}}}
	}
	input := reflect.TypeFor[I]()
	if f, ok := input.FieldByName("Body"); ok {
		op.Middlewares = append(op.Middlewares, s.strictBody(f.Type.Kind() == reflect.Pointer))
	}
	if f, ok := input.FieldByName("RawBody"); ok {
		content := map[string]*huma.MediaType{}
		for t := range strings.SplitSeq(f.Tag.Get("alsoTypes"), ",") {
			content[t] = &huma.MediaType{Schema: &huma.Schema{}}
		}
		op.RequestBody = &huma.RequestBody{Required: true, Content: content}
		op.SkipValidateBody = true // its handler reads it
	}
	return op
}

// operationID is "get-v1-providers-id" for GET /v1/providers/{id}.
func operationID(row Row) string {
	return strings.ToLower(row.Method) + strings.NewReplacer("/v1/", "-", "/", "-", "{", "", "}", "").Replace(row.Path)
}

// tag is the noun a path begins with.
func tag(path string) string {
	noun, _, _ := strings.Cut(strings.TrimPrefix(path, "/v1/"), "/")
	return noun
}
