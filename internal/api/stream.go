package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/reply"
)

// linesMedia is an answer in lines of JSON, each as soon as there is something to say.
const linesMedia = "application/x-ndjson"

// streamLimit is how long a line may take on its way; it begins anew with each.
const streamLimit = time.Minute

// streamed is a route whose answer takes a while. Who accepts linesMedia gets lines: {"progress": …} while it goes on, then
// one that is as the answer of any other route, with "data" or "error". Everybody else gets that alone. The work ends when
// the caller hangs up.
func streamed[I, P, T any](do func(ctx context.Context, in *I, progress func(P)) (T, error)) func(*Server, Row) {
	return func(s *Server, row Row) {
		op := operation[I](s, row, http.StatusOK)
		op.Responses = map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{
			"application/json": {Schema: huma.SchemaFromType(s.huma.OpenAPI().Components.Schemas, reflect.TypeFor[reply.Success[T]]())},
			linesMedia:         {Schema: &huma.Schema{Type: huma.TypeString, Description: "Lines of JSON: {\"progress\": {…}} as often as there is some, then one with data and meta, or error and meta."}},
		}}}
		huma.Register(s.huma, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
			return &huma.StreamResponse{Body: func(hc huma.Context) {
				r, w := humago.Unwrap(hc)
				l := &lines{w: w, control: http.NewResponseController(w), wanted: strings.Contains(r.Header.Get("Accept"), linesMedia)}
				v, err := do(ctx, in, func(p P) { l.say(map[string]P{"progress": p}) })
				switch {
				case err == nil && l.wanted:
					l.say(reply.Success[T]{Data: told(ctx, v), Meta: s.meta(ctx)})
				case err == nil:
					reply.Write(w, http.StatusOK, told(ctx, v), s.meta(ctx))
				case ctx.Err() != nil: // the caller has gone
				case l.begun:
					e := fault.Of(err)
					s.note(ctx, e)
					l.say(reply.NewFailure(told(ctx, e), s.meta(ctx)))
				default:
					s.refuse(w, r, err)
				}
			}}, nil
		})
	}
}

// lines writes an answer line by line.
type lines struct {
	w       http.ResponseWriter
	control *http.ResponseController
	wanted  bool
	begun   bool
}

// say writes a line, if lines are wanted. That the caller has gone is told by the context.
func (l *lines) say(v any) {
	// Without it the server's limit for a whole answer counts; a writer of a test knows no limits.
	_ = l.control.SetWriteDeadline(time.Now().Add(streamLimit))
	if !l.wanted {
		return
	}
	if !l.begun {
		l.begun = true
		l.w.Header().Set("Content-Type", linesMedia)
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // views can always be written
	}
	_, _ = l.w.Write(append(text, '\n'))
	_ = l.control.Flush()
}
