package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata run against a server of their own, once per database. Beside the commands of testscript
// (https://pkg.go.dev/github.com/rogpeppe/go-internal/testscript; `exec dealwright …` is the binary) they have:
//
//	serve                          set up an owner and serve; $URL, $KEY (administrator's), $TENANT, $EMAIL, $PASSWORD
//	crash | shutdown | restart     end the server as a power cut does | as Ctrl-C does, with exit code 0 | serve again
//	send METHOD PATH [BODY] ['H: V']…  one request with $KEY, or with the Authorization header given ('Authorization:'
//	                               sends none). BODY is a file of the script, whose ending says the content type
//	                               (.json .yaml .form .multipart; any other: none), or the body itself, as JSON;
//	                               ${NAME} in either is replaced, $NAME in a header
//	status N                       of the last answer
//	field PATH VALUE               of the last answer's JSON: data[0].agent.external_id, data.# is a length; strings
//	                               without quotes, all else as JSON. `! field PATH` says that there is none
//	match PATH PATTERN             as field, with a regular expression
//	keep NAME PATH                 $NAME is the value at PATH from here on
//	body PATTERN, header NAME PATTERN   the last answer's; with ! they must not match
//
// Files named *.form and *.multipart are lines of name=value, sent url-encoded and as multipart/form-data.
func TestScripts(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, flags func(testing.TB) []string) {
		testscript.Run(t, testscript.Params{
			Dir:                 "testdata",
			RequireExplicitExec: true,
			RequireUniqueNames:  true,
			Setup: func(env *testscript.Env) error {
				s := &script{t: env.T().(testing.TB), flags: flags}
				env.Values[scriptKey{}] = s
				env.Defer(s.examine)
				env.Setenv("PATH", filepath.Dir(program)+string(os.PathListSeparator)+os.Getenv("PATH"))
				return nil
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"serve":    command((*script).serve),
				"crash":    command((*script).crash),
				"shutdown": command((*script).shutdown),
				"restart":  command((*script).restart),
				"send":     command((*script).send),
				"status":   command((*script).status),
				"keep":     command((*script).keep),
				"field":    question((*script).field),
				"match":    question((*script).match),
				"body":     question((*script).body),
				"header":   question((*script).header),
			},
		})
	})
}

// script is the state of one script in one database.
type script struct {
	t      testing.TB
	flags  func(testing.TB) []string
	server *server
	last   *answer // of the last send
	sent   string  // what was sent, for messages
}

// scriptKey is where testscript keeps it.
type scriptKey struct{}

// examine holds after every script: the numbers in the database add up, and the trace of each execution, computed again,
// has the digest of its run.
func (s *script) examine() {
	if s.server == nil {
		return
	}
	out, err := exec.CommandContext(context.Background(), program, append([]string{"doctor", "--all-traces"}, s.server.flags...)...).CombinedOutput()
	if err != nil {
		s.t.Errorf("the doctor after the script: %v\n%s", err, out)
	}
}

// command makes a command of the script language of a method that either works or says why not.
func command(do func(*script, *testscript.TestScript, []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, not bool, args []string) {
		if not {
			ts.Fatalf("this command cannot be negated")
		}
		ts.Check(do(ts.Value(scriptKey{}).(*script), ts, args))
	}
}

// question makes one of a method that says whether something holds of the last answer; errNot is "it does not".
func question(ask func(*script, []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, not bool, args []string) {
		s := ts.Value(scriptKey{}).(*script)
		if s.last == nil {
			ts.Fatalf("nothing was sent yet")
		}
		err := ask(s, args)
		switch {
		case not && err == nil:
			ts.Fatalf("it does:\n%s", s.last.body)
		case not && errors.Is(err, errNot):
		default:
			ts.Check(err)
		}
	}
}

var errNot = errors.New("does not hold")

func (s *script) serve(ts *testscript.TestScript, args []string) error {
	s.server = newServer(s.t, append(s.flags(s.t), args...))
	for name, v := range map[string]string{
		"URL": s.server.url, "KEY": s.server.key, "TENANT": s.server.tenant, "EMAIL": email, "PASSWORD": password,
		"DEALWRIGHT_URL": s.server.url, "DEALWRIGHT_API_KEY": s.server.key,
	} {
		ts.Setenv(name, v)
	}
	return nil
}

func (s *script) crash(*testscript.TestScript, []string) error {
	s.server.kill()
	return nil
}

func (s *script) shutdown(*testscript.TestScript, []string) error {
	return s.server.stop()
}

func (s *script) restart(*testscript.TestScript, []string) error {
	return s.server.launch(s.t.Context())
}

var headerArgument = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$`)

func (s *script) send(ts *testscript.TestScript, args []string) error {
	if len(args) < 2 {
		return errors.New("usage: send METHOD PATH [BODY] ['Header: value']…")
	}
	method, path := args[0], args[1]
	header := http.Header{}
	var body []byte
	for _, arg := range args[2:] {
		if m := headerArgument.FindStringSubmatch(arg); m != nil {
			header[http.CanonicalHeaderKey(m[1])] = nil
			if m[2] != "" {
				header.Set(m[1], os.Expand(m[2], ts.Getenv))
			}
			continue
		}
		contentType, content, err := s.content(ts, arg)
		if err != nil {
			return err
		}
		body = content
		if header.Get("Content-Type") == "" && contentType != "" {
			header.Set("Content-Type", contentType)
		}
	}
	got, err := s.server.send(context.Background(), method, strings.TrimPrefix(path, s.server.url), header, body)
	if err != nil {
		return err
	}
	s.last, s.sent = got, method+" "+path
	ts.Logf("%s: %d\n%s", s.sent, got.status, got.body)
	return nil
}

// content gives the body an argument of send stands for, with its content type.
func (s *script) content(ts *testscript.TestScript, arg string) (contentType string, body []byte, err error) {
	expand := func(text string) []byte {
		return regexp.MustCompile(`\$\{\w+\}`).ReplaceAllFunc([]byte(text), func(name []byte) []byte {
			return []byte(ts.Getenv(string(name[2 : len(name)-1])))
		})
	}
	if strings.HasPrefix(arg, "{") || strings.HasPrefix(arg, "[") || filepath.Ext(arg) == "" {
		return "application/json", expand(arg), nil
	}
	content := expand(ts.ReadFile(arg))
	switch filepath.Ext(arg) {
	case ".json":
		return "application/json", content, nil
	case ".yaml":
		return "application/yaml", content, nil
	case ".form":
		form := url.Values{}
		for _, line := range lines(content) {
			name, v, _ := strings.Cut(line, "=")
			form.Add(name, v)
		}
		return "application/x-www-form-urlencoded", []byte(form.Encode()), nil
	case ".multipart":
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, line := range lines(content) {
			name, v, _ := strings.Cut(line, "=")
			err = errors.Join(err, w.WriteField(name, v))
		}
		err = errors.Join(err, w.Close())
		return w.FormDataContentType(), b.Bytes(), err
	}
	return "", content, nil
}

func (s *script) status(_ *testscript.TestScript, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: status N")
	}
	if s.last == nil {
		return errors.New("nothing was sent yet")
	}
	if got := strconv.Itoa(s.last.status); got != args[0] {
		return fmt.Errorf("%s: status %s, want %s:\n%s", s.sent, got, args[0], s.last.body)
	}
	return nil
}

func (s *script) keep(ts *testscript.TestScript, args []string) error {
	if len(args) != 2 {
		return errors.New("usage: keep NAME PATH")
	}
	v, err := at(s.last.body, args[1])
	if err != nil {
		return err
	}
	ts.Setenv(args[0], text(v))
	return nil
}

func (s *script) field(args []string) error {
	if len(args) < 1 {
		return errors.New("usage: field PATH VALUE, or: ! field PATH [VALUE]")
	}
	v, err := at(s.last.body, args[0])
	if err != nil {
		return fmt.Errorf("%w: %w", errNot, err)
	}
	if want := strings.Join(args[1:], " "); len(args) > 1 && text(v) != want {
		return fmt.Errorf("%w: %s of %s is %s, want %s:\n%s", errNot, args[0], s.sent, text(v), want, s.last.body)
	}
	return nil
}

func (s *script) match(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: match PATH PATTERN")
	}
	v, err := at(s.last.body, args[0])
	if err != nil {
		return fmt.Errorf("%w: %w", errNot, err)
	}
	return matches(args[0]+" of "+s.sent, text(v), args[1])
}

func (s *script) body(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: body PATTERN")
	}
	return matches("the answer to "+s.sent, string(s.last.body), args[0])
}

func (s *script) header(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: header NAME PATTERN")
	}
	return matches(args[0]+" of "+s.sent, s.last.header.Get(args[0]), args[1])
}

func matches(what, got, pattern string) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	if !re.MatchString(got) {
		return fmt.Errorf("%w: %s is %s, want a match of %s", errNot, what, got, pattern)
	}
	return nil
}
