// Package cli has the commands of the dealwright binary, one file each. It reads flags and files and prints; what a
// command does is done by the packages below.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/secret"
	"github.com/dealwright/dealwright/internal/storage"
)

// Exit codes, the same for every command.
const (
	exitOK     = 0
	exitFailed = 1 // it was tried and did not work, or what was looked at is not in order
	exitUsage  = 2 // the command, its flags or the configuration are wrong; nothing was done
)

// Environment is what a command may use of the world.
type Environment struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool // Out is one
	Version  string
}

// commands is the command line as kong reads it.
type commands struct {
	Serve    serve       `cmd:"" help:"Serve doors, API and user interface."`
	Setup    setup       `cmd:"" help:"Make the owner of a fresh installation."`
	Demo     demonstrate `cmd:"" help:"Serve, and play a working day of webhooks into a demo company."`
	Doctor   doctor      `cmd:"" help:"Check the database: its settings, and whether the numbers add up."`
	Redact   redact      `cmd:"" help:"Take personal data off the disk that marks cover which are younger than the deliveries."`
	Reseal   reseal      `cmd:"" help:"Put the secrets in the database under a new key; no server may be at work."`
	Spec     specs       `cmd:"" help:"Work on specs without a server."`
	Settings settings    `cmd:"" help:"Show or change a tenant's settings, over the API of a server."`

	Why       asked      `cmd:"" help:"Tell where what a record holds comes from, or why it is not there, over the API of a server."`
	Source    sources    `cmd:"" help:"Look at sources, and mark personal data in what they deliver, over the API of a server."`
	Processor processors `cmd:"" help:"Work on processors, over the API of a server."`
	Execution executions `cmd:"" help:"Look at executions, run them again and take back what they wrote, over the API of a server."`

	Openapi openAPI `cmd:"" name:"openapi" help:"Print the description of the API."`
	Version version `cmd:"" help:"Print the version."`
}

// database says where the data is.
type database struct {
	Data          string `help:"Folder of the data; data, if left out." default:"data" type:"path" env:"DEALWRIGHT_DATA" placeholder:"DIR"`
	DatabaseURL   string `help:"PostgreSQL to use instead of SQLite in the folder (postgres://…)." name:"database-url" env:"DEALWRIGHT_DATABASE_URL" placeholder:"URL"`
	SecretKeyFile string `help:"File with the key that secrets in the database are sealed with; if left out and DEALWRIGHT_SECRET_KEY is not set, secret.key in the folder of the data, or with PostgreSQL one that the database keeps. Keep a copy of it." name:"secret-key-file" type:"path" env:"DEALWRIGHT_SECRET_KEY_FILE" placeholder:"FILE"`
}

// Validate looks at the URL before anything is opened; kong calls it.
func (d database) Validate() error {
	scheme, _, isURL := strings.Cut(d.DatabaseURL, "://")
	if d.DatabaseURL == "" || isURL && (scheme == "postgres" || scheme == "postgresql") {
		return nil
	}
	if !isURL {
		scheme = "what was given"
	}
	return fmt.Errorf("--database-url takes a PostgreSQL address, such as postgres://user@localhost/dealwright, and %s is none; without it, SQLite in the folder of --data is used", scheme)
}

func (d database) options() storage.Options {
	// The key itself is taken from the environment only: everybody on the machine can read the flags of a process.
	return storage.Options{Dir: d.Data, URL: d.DatabaseURL, Secret: secret.Source{Text: os.Getenv(secret.Variable), File: d.SecretKeyFile}}
}

// Main runs the command line and gives the exit code. It ends when ctx does.
func Main(ctx context.Context, args []string, env Environment) int {
	var all commands
	ended := -1
	parser, err := kong.New(&all,
		kong.Name("dealwright"),
		kong.Description("Brings sales data in, turns it into clean records, and explains every step.\n\nExit codes: 0 done; 1 tried and not done, or what was looked at is not in order; 2 the command, its flags or what they say are wrong, and nothing was done."),
		kong.UsageOnError(),
		kong.Writers(env.Out, env.Err),
		kong.Exit(func(code int) { ended = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(env),
	)
	if err != nil {
		fmt.Fprintln(env.Err, "dealwright:", err)
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if ended >= 0 { // --help has been answered
		return exitOK
	}
	if err != nil {
		fmt.Fprintf(env.Err, "dealwright: %v\nTry: dealwright %s\n", err, strings.Join(append(known(parser, args), "--help"), " "))
		return exitUsage
	}
	if err := command.Run(); err != nil {
		return complain(env, err)
	}
	return exitOK
}

// known are the leading words of the arguments that are commands: as far as somebody got.
func known(parser *kong.Kong, args []string) []string {
	at := parser.Model.Node
	for i, a := range args {
		next := slices.IndexFunc(at.Children, func(n *kong.Node) bool { return n.Name == a })
		if next < 0 {
			return args[:i:i]
		}
		at = at.Children[next]
	}
	return args
}

// errShown is an error that has been printed already.
var errShown = errors.New("what is wrong was printed")

// usageError is a mistake of the caller that only the command itself can see.
type usageError struct{ error }

// complain prints what went wrong and gives the exit code.
func complain(env Environment, err error) int {
	if errors.Is(err, errShown) {
		return exitFailed
	}
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		fmt.Fprintln(env.Err, "dealwright:", f.Message)
		for _, d := range f.Details {
			what := d.Message
			if d.Field != "" {
				what = d.Field + ": " + what
			}
			advise(env.Err, "  ", what, d.Hint)
		}
		if f.Cause != nil {
			fmt.Fprintln(env.Err, "  cause:", f.Cause)
		}
		if f.Kind == fault.Invalid {
			return exitUsage
		}
		return exitFailed
	}
	fmt.Fprintln(env.Err, "dealwright:", err)
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitFailed
}

// advise prints what is wrong, and below it what to do about it, so that a list of many can be read down.
func advise(out io.Writer, indent, what, remedy string) {
	fmt.Fprintln(out, indent+what)
	if remedy != "" {
		fmt.Fprintln(out, indent+"    "+remedy)
	}
}

// printJSON prints one document.
func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// logging are the flags of a process that logs.
type logging struct {
	LogFormat string `help:"Form of the log: text or json." enum:"text,json" default:"text" env:"DEALWRIGHT_LOG_FORMAT"`
	LogLevel  string `help:"Least important lines that are logged: debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"DEALWRIGHT_LOG_LEVEL"`
}

func (l logging) logger(out io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.LogLevel)) // kong has checked it
	o := &slog.HandlerOptions{Level: level}
	if l.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, o))
	}
	return slog.New(slog.NewTextHandler(out, o))
}

type version struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run prints the version.
func (c version) Run(env Environment) error {
	if c.JSON {
		return printJSON(env.Out, map[string]string{"version": env.Version})
	}
	_, err := fmt.Fprintln(env.Out, "dealwright", env.Version)
	return err
}

// BuildVersion is the version the Go tool wrote into the binary.
func BuildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

// readFile reads a file, or standard input for "-".
func readFile(env Environment, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(env.In)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		if failed := (*fs.PathError)(nil); errors.As(err, &failed) {
			err = failed.Err
		}
		return nil, usageError{fmt.Errorf("%s: %w; give the path of a file that can be read, or - for standard input", name, err)}
	}
	return text, nil
}
