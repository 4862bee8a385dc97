package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// maxBody is how many bytes one call may bring, packed and unpacked.
const maxBody = value.DefaultBytes

// body is what a call brought.
type body struct {
	raw   []byte      // as sent, unpacked: what is kept
	value value.Value // what it says
	form  bool        // form data: all of it is text
}

// readBody takes the bytes off the connection. Over the limit it stops reading and the connection ends with the answer,
// so that nobody has to listen to the rest.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *fault.Error) {
	if r.ContentLength > maxBody {
		w.Header().Set("Connection", "close")
		return nil, tooLarge(fmt.Sprintf("The body has %d bytes", r.ContentLength))
	}
	limited := http.MaxBytesReader(w, r.Body, maxBody)
	var raw []byte
	var err error
	if r.ContentLength >= 0 {
		raw = make([]byte, r.ContentLength)
		_, err = io.ReadFull(limited, raw)
	} else {
		raw, err = io.ReadAll(limited)
	}
	var over *http.MaxBytesError
	switch {
	case err == nil:
		return raw, nil
	case errors.As(err, &over):
		return nil, tooLarge("The body has more than 1 MiB")
	default:
		return nil, &fault.Error{Kind: fault.Unreadable, Message: "The body ended before it was complete; nothing of it was kept.", Cause: err}
	}
}

func tooLarge(what string) *fault.Error {
	return fault.New(fault.TooLarge, "%s; at most 1 MiB (%d bytes) is taken in one call. Send less at a time.", what, maxBody)
}

// media is what the headers say about the body.
type media uint8

const (
	jsonMedia media = iota
	urlencodedMedia
	multipartMedia
)

// mediaOf reads Content-Type. A call without one is taken as JSON: the strict reader tells soon enough whether it is.
func mediaOf(h http.Header, formTaken bool) (m media, boundary string, e *fault.Error) {
	values := h.Values("Content-Type")
	if len(values) == 0 || values[0] == "application/json" && len(values) == 1 {
		return jsonMedia, "", nil
	}
	name, params, err := mime.ParseMediaType(values[0])
	if err != nil || len(values) > 1 {
		return 0, "", fault.New(fault.Media, "The Content-Type %q cannot be read. Send %s.", strings.Join(values, ", "), taken(formTaken))
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "us-ascii") {
		return 0, "", fault.New(fault.Media, "The charset %q is not taken. Send UTF-8.", charset)
	}
	switch {
	case name == "application/json" || strings.HasSuffix(name, "+json"):
		return jsonMedia, "", nil
	case name == "application/x-www-form-urlencoded" && formTaken:
		return urlencodedMedia, "", nil
	case name == "multipart/form-data" && formTaken:
		if params["boundary"] == "" {
			return 0, "", fault.New(fault.Media, "The Content-Type multipart/form-data names no boundary. Let your HTTP library set this header.")
		}
		return multipartMedia, params["boundary"], nil
	}
	return 0, "", fault.New(fault.Media, "The Content-Type %q is not taken here. Send %s.", name, taken(formTaken))
}

func taken(formTaken bool) string {
	if formTaken {
		return "application/json, application/x-www-form-urlencoded or multipart/form-data"
	}
	return "application/json"
}

// unpack undoes Content-Encoding.
func unpack(h http.Header, raw []byte) ([]byte, *fault.Error) {
	switch encoding := strings.ToLower(strings.Join(h.Values("Content-Encoding"), ", ")); encoding {
	case "", "identity":
		return raw, nil
	case "gzip":
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, fault.New(fault.Unreadable, "The body is not gzip, though Content-Encoding says so.")
		}
		plain, err := io.ReadAll(io.LimitReader(z, maxBody+1))
		switch {
		case err != nil:
			return nil, fault.New(fault.Unreadable, "The gzip data of the body is damaged or cut off.")
		case len(plain) > maxBody:
			return nil, tooLarge("The body has more than 1 MiB once unpacked")
		}
		return plain, nil
	default:
		return nil, fault.New(fault.Media, "The Content-Encoding %q is not taken. Send the body plain, or packed with gzip once.", encoding)
	}
}

// parse reads raw by what the headers say it is. On failure the body still has the bytes to keep.
func parse(h http.Header, raw []byte, formTaken bool) (body, *fault.Error) {
	m, boundary, e := mediaOf(h, formTaken)
	if e != nil {
		return body{raw: raw}, e
	}
	plain, e := unpack(h, raw)
	if e != nil {
		return body{raw: raw}, e
	}
	b := body{raw: plain, form: m != jsonMedia}
	switch m {
	case jsonMedia:
		v, syntax := value.ParseJSON(plain, value.Limits{})
		if syntax != nil {
			return b, unreadable(syntax)
		}
		b.value, b.raw = v, bytes.TrimPrefix(plain, []byte("\ufeff"))
	case urlencodedMedia:
		b.value, e = parseURLEncoded(plain)
	case multipartMedia:
		b.value, e = parseMultipart(plain, boundary)
	}
	return b, e
}

// unreadable says in the envelope why a body is no JSON.
func unreadable(s *value.SyntaxError) *fault.Error {
	message := s.Message
	if s.Expected != "" && !strings.Contains(message, s.Expected) {
		message += "; expected " + s.Expected
	}
	kind := fault.Unreadable
	if s.Code == value.TooLarge {
		kind = fault.TooLarge
	}
	return fault.New(kind, "The body is not valid JSON: line %d, column %d: %s.", s.Line, s.Column, message).
		With(fault.Detail{Code: s.Code, Message: message, Hint: s.Hint, Line: s.Line, Column: s.Column})
}

// elements cuts the text of a JSON array into the texts of its items. The array has been parsed, so it is well formed.
func elements(array []byte) [][]byte {
	var items [][]byte
	depth, start, quoted := 0, 0, false
	for i := 0; i < len(array); i++ {
		switch c := array[i]; {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '[' || c == '{':
			if depth == 0 {
				start = i + 1
			}
			depth++
		case c == ']' || c == '}':
			depth--
			if depth == 0 {
				return append(items, bytes.TrimSpace(array[start:i]))
			}
		case c == ',' && depth == 1:
			items = append(items, bytes.TrimSpace(array[start:i]))
			start = i + 1
		}
	}
	return items
}
