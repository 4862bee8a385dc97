package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Form data becomes an object of texts: `gas_usage` is a key, `energy_meta[gas_usage]` a key of the object under
// `energy_meta`, one level deep. Empty text counts as a field that was not sent. A field that comes twice is refused,
// since nobody could say which one was meant; so are files.

// maxFields of one form.
const maxFields = 1000

// form gathers fields in the order they come.
type form struct {
	members []value.Member
	groups  map[string][]value.Member // by the name before the bracket
	seen    map[string]bool
}

func (f *form) add(name, text string) *fault.Error {
	switch {
	case !utf8.ValidString(name) || !utf8.ValidString(text):
		return badField(strings.ToValidUTF8(name, "\ufffd"), value.BadText, "the field is not valid UTF-8", "Send the form in UTF-8.")
	case strings.ContainsRune(name, 0) || strings.ContainsRune(text, 0):
		return badField(strings.ReplaceAll(name, "\x00", "\ufffd"), value.BadText, "the character U+0000 is not taken", "Leave it out.")
	case f.seen[name]:
		return badField(name, value.DuplicateKey, "the field is sent twice", "Send it once.")
	case len(f.seen) == maxFields:
		return badField(name, value.TooLarge, fmt.Sprintf("the form has more than %d fields", maxFields), "Send less at a time.")
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[name] = true
	group, key, nested := strings.Cut(name, "[")
	if nested {
		inner, closed := strings.CutSuffix(key, "]")
		if !closed || inner == "" || group == "" || strings.ContainsAny(inner, "[]") {
			return badField(name, value.Syntax, "the brackets of the name cannot be read", "Write one level, as energy_meta[gas_usage].")
		}
		key = inner
	}
	switch _, isGroup := f.groups[group]; {
	case nested && !isGroup && f.has(group), !nested && isGroup:
		return badField(name, value.DuplicateKey, "the name "+group+" is used for a field and for a group of fields", "Use one of the two.")
	case nested && !isGroup:
		if f.groups == nil {
			f.groups = map[string][]value.Member{}
		}
		f.groups[group] = nil
		f.members = append(f.members, value.Member{Key: group})
	}
	switch {
	case text == "":
	case nested:
		f.groups[group] = append(f.groups[group], value.Member{Key: key, Value: value.Text(text)})
	default:
		f.members = append(f.members, value.Member{Key: name, Value: value.Text(text)})
	}
	return nil
}

func (f *form) has(name string) bool { return f.seen[name] }

// object gives the form as a value; a group of empty fields only is not there either.
func (f *form) object() value.Value {
	kept := f.members[:0]
	for _, m := range f.members {
		if group, ok := f.groups[m.Key]; ok {
			if len(group) == 0 {
				continue
			}
			m.Value = value.Object(group)
		}
		kept = append(kept, m)
	}
	return value.Object(kept)
}

func badField(name, code, message, hint string) *fault.Error {
	return fault.New(fault.Unreadable, "The form cannot be read: %s: %s.", name, message).
		With(fault.Detail{Field: name, Code: code, Message: message, Hint: hint})
}

// isJSONObject: the body begins as an object or a list of objects does, plain or encoded as the name of a field; no field
// has such a name.
func isJSONObject(raw []byte) bool {
	const most = 200 // bytes; the beginning is enough
	start := string(raw[:min(len(raw), most)])
	start = strings.NewReplacer("%7B", "{", "%7b", "{", "%5B", "[", "%5b", "[").Replace(start)
	start = strings.TrimLeft(start, " \t\r\n+")
	list, isList := strings.CutPrefix(start, "[")
	return strings.HasPrefix(start, "{") || isList && strings.HasPrefix(strings.TrimLeft(list, " \t\r\n+"), "{")
}

func parseURLEncoded(raw []byte) (value.Value, *fault.Error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return value.Value{}, fault.New(fault.Unreadable, "The body is empty. Send the fields of the form in it.")
	}
	if isJSONObject(raw) {
		return value.Value{}, fault.New(fault.Unreadable, "The form cannot be read: this looks like JSON. Send Content-Type: application/json with it.").
			With(fault.Detail{Code: value.Syntax, Message: "this looks like JSON: send Content-Type: application/json", Hint: "Many HTTP libraries say that a body is a form unless they are told what it is."})
	}
	var f form
	for pair := range strings.SplitSeq(string(raw), "&") {
		if pair == "" {
			continue
		}
		left, right, hasValue := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(left)
		text, err2 := url.QueryUnescape(right)
		if err := errors.Join(err1, err2); err != nil {
			return value.Value{}, badField(left, value.Syntax, "a percent sign is not followed by two hexadecimal digits", "Encode a percent sign itself as %25.")
		}
		if !hasValue || name == "" {
			return value.Value{}, badField(name, value.Syntax, "this is no form data: a field is written name=value", "Write name=value, and & between two fields.")
		}
		if e := f.add(name, text); e != nil {
			return value.Value{}, e
		}
	}
	return f.object(), nil
}

// errCutOff: a multipart body came to its end before the closing boundary.
var errCutOff = errors.New("there is no closing boundary")

type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, errCutOff }

// multipartReader reads a body that never ends with io.EOF: the package's reader takes that for the end of the form, even
// in the middle of a part's header. So io.EOF means that the closing boundary has been read.
func multipartReader(raw []byte, boundary string) *multipart.Reader {
	end := "" // a closing boundary may be the last line, without a line end
	if !bytes.HasSuffix(raw, []byte("\n")) {
		end = "\n"
		if first := bytes.IndexByte(raw, '\n'); first > 0 && raw[first-1] == '\r' {
			end = "\r\n"
		}
	}
	return multipart.NewReader(io.MultiReader(bytes.NewReader(raw), strings.NewReader(end), cutOff{}), boundary)
}

func cutOffBody(boundary string) *fault.Error {
	return fault.New(fault.Unreadable, "The multipart body is cut off: the boundary that closes it, --%s--, is missing. Send all of it again; nothing of it was kept.", clip(boundary))
}

func parseMultipart(raw []byte, boundary string) (value.Value, *fault.Error) {
	var f form
	for parts := multipartReader(raw, boundary); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && len(f.seen) > 0 {
			return f.object(), nil
		}
		if errors.Is(err, errCutOff) && bytes.Contains(raw, []byte("--"+boundary)) {
			return value.Value{}, cutOffBody(boundary)
		}
		if err != nil {
			return value.Value{}, fault.New(fault.Unreadable, "The multipart body is not well formed, or not divided by the boundary that Content-Type names.")
		}
		if part.FileName() != "" {
			return value.Value{}, badField(part.FormName(), value.Syntax, "files are not taken", "Send the field as text.")
		}
		if part.FormName() == "" {
			return value.Value{}, fault.New(fault.Unreadable, "A part of the multipart body has no field name.")
		}
		if _, params, err := mime.ParseMediaType(part.Header.Get("Content-Type")); err == nil {
			if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "us-ascii") {
				return value.Value{}, badField(part.FormName(), value.BadText, fmt.Sprintf("the charset %q is not taken", charset), "Send UTF-8.")
			}
		}
		text, err := io.ReadAll(part)
		if errors.Is(err, errCutOff) {
			return value.Value{}, cutOffBody(boundary)
		}
		if err != nil {
			return value.Value{}, badField(part.FormName(), value.Syntax, "the part cannot be read", "Send the text as it is, in UTF-8.")
		}
		if e := f.add(part.FormName(), string(text)); e != nil {
			return value.Value{}, e
		}
	}
}
