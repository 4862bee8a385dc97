// Package app puts the server together: one long, plain function that opens the database, starts the writer, the queue
// and the counts, and serves the doors, the API and the user interface on one address. It decides nothing about any of
// them.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/api"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/event"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/bulk"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/enrich"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/queue"
	"github.com/dealwright/dealwright/internal/pipeline/rekey"
	"github.com/dealwright/dealwright/internal/pipeline/retention"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/pipeline/undo"
	"github.com/dealwright/dealwright/internal/pipeline/why"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/pulse"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/postgres"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
	"github.com/dealwright/dealwright/web"
)

// Options of a server.
type Options struct {
	Storage   storage.Options
	Listen    string              // host:port
	PublicURL string              // as others reach it; "": as the caller of the moment does
	Proxies   []netip.Prefix      // that are believed for whom they call
	Library   *library.Library    // nil: the standard one
	Catalogue connector.Catalogue // nil: the standard one
	Log       *slog.Logger
	Version   string
	// Serving is called with the address when calls are answered; nil: nobody wants to know.
	Serving func(url string)
}

// Limits of the HTTP server. Bodies have 15 s; the doors enforce their size.
const (
	headerLimit = 5 * time.Second
	bodyLimit   = 15 * time.Second
	writeLimit  = time.Minute // for an answer, from the end of the header of its call
	idleLimit   = 2 * time.Minute
	headerBytes = 64 << 10
	stopLimit   = 20 * time.Second // for calls in flight when the server is told to stop
)

// gcPercent: a delivery makes much garbage beside a small live heap. Collecting at each doubling of that, as Go does by
// itself, takes a third of the CPU time under load (PostgreSQL, 32 clients: 141 µs per answer instead of 90). GOGC in
// the environment wins.
const gcPercent = 400

// OpenDatabase opens the database of the options: PostgreSQL where there is a URL, else SQLite.
func OpenDatabase(ctx context.Context, o storage.Options) (*storage.DB, error) {
	if o.URL != "" {
		return postgres.Open(ctx, o)
	}
	return sqlite.Open(ctx, o)
}

// Serve runs a server until ctx ends: then it takes nothing new, finishes what is in flight and returns nil.
func Serve(ctx context.Context, o Options) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if o.Library == nil {
		o.Library = library.Standard()
	}
	if o.Catalogue == nil {
		o.Catalogue = connector.Standard()
	}
	if err := o.Catalogue.Check(); err != nil {
		return err
	}
	o.Library = o.Library.WithModels(o.Catalogue.Models()...)
	db, err := OpenDatabase(ctx, o.Storage)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	keeps, err := db.KeepsKey(ctx)
	if err != nil {
		return fmt.Errorf("look where the secret key is: %w", err)
	}
	if keeps {
		o.Log.WarnContext(ctx, storage.KeyInDatabase)
	}
	changed, err := processor.Recheck(ctx, db, o.Library)
	if err != nil {
		return fmt.Errorf("check the saved specs: %w", err)
	}
	for _, p := range changed {
		o.Log.WarnContext(ctx, "a saved spec was checked again", "processor", id.Format(id.Processor, p.ID), "name", p.Name, "state", p.State())
	}
	loader := storage.NewPictureLoader(db, o.Library)
	holder, err := plan.NewHolder(ctx, loader)
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another address with --listen", o.Listen, err)
	}

	here := running{URL: "http://" + listener.Addr().String(), Instance: newInstance()}
	if o.Storage.URL == "" {
		gone, err := here.note(o.Storage.Dir)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, gone()) }()
	}

	clock := func() time.Time { return time.UnixMicro(db.Now()) }
	writer := commit.New(db.Engine(), holder, o.Log, db.Now)
	tally := ingest.NewTally(db, o.Log)
	runs := &queue.Queue{
		Store: storage.QueueStore{DB: db, Loader: loader}, Plan: holder, Writer: writer,
		Desk: enrich.New(db, holder, o.Catalogue, o.Log, db.Now), Log: o.Log,
	}

	many := bulk.New(db, runs, o.Log)
	sweep := &retention.Sweep{Store: db, Plan: holder, Log: o.Log}

	if err := runs.LearnOrder(ctx); err != nil {
		return fmt.Errorf("read what waits: %w", err)
	}

	doors := &ingest.Handler{Plan: holder, Writer: writer, Tally: tally, Proxies: o.Proxies, Clock: clock, Log: o.Log}
	surface := api.New(api.Options{
		Store:     db,
		Sessions:  storage.NewSessions(db),
		Library:   o.Library,
		Catalogue: o.Catalogue,
		Hasher:    access.NewHasher(),
		Runs:      runs,
		Undos:     &undo.Desk{Store: db, Library: o.Library, Writer: writer},
		Whys:      &why.Desk{Store: db, Library: o.Library},
		Trials:    &trial.Desk{Store: db, Library: o.Library, Plan: holder},
		Rekeys:    &rekey.Desk{Store: db, Trials: &trial.Desk{Store: db, Library: o.Library, Plan: holder}, Writer: writer},
		Bulk:      many,
		PublicURL: o.PublicURL,
		Proxies:   o.Proxies,
		UI:        builtUI(),
		Log:       o.Log,
		Now:       clock,
		Ready:     writer.Ready,
		Version:   o.Version,
		Instance:  here.Instance,
	})
	mux := http.NewServeMux()
	mux.Handle(ingest.WebhookPath, doors)
	mux.Handle(ingest.SourcePath, doors)
	mux.Handle("/", configured(surface, holder, o.Log))
	server := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: headerLimit,
		ReadTimeout:       bodyLimit,
		WriteTimeout:      writeLimit,
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug), // what strangers get wrong below HTTP
	}

	// The parts end in the order opposite to this: first no calls, then no work of the queue, then the writer has
	// written what it was given, then the counts of that.
	var parts parts
	parts.start(ctx, "counts", tally.Run)
	parts.start(ctx, "writer", writer.Run)
	parts.start(ctx, "queue", runs.Run)
	parts.start(ctx, "bulk", many.Run)
	parts.start(ctx, "retention", sweep.Run)
	parts.start(ctx, "events", (&event.Watch{Store: db, Log: o.Log}).Run)
	parts.start(ctx, "pulse", (&pulse.Roller{Store: db, Log: o.Log}).Run)
	parts.start(ctx, "http", func(ctx context.Context) error { return serve(ctx, server, listener) })
	has, err := db.HasTenant(ctx)
	if err == nil && !has {
		o.Log.WarnContext(ctx, "no owner exists yet: whoever opens the server's page first makes one", "url", here.URL)
	}
	if o.Serving != nil {
		o.Serving(here.URL)
	}
	return parts.wait(ctx)
}

// configured looks, after a call that may have changed the configuration, whether it did: what waited for the change runs
// now, not only when the next delivery comes.
func configured(surface http.Handler, holder *plan.Holder, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		surface.ServeHTTP(w, r)
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return
		}
		if _, err := holder.Fresh(context.WithoutCancel(r.Context())); err != nil {
			log.WarnContext(r.Context(), "the configuration could not be read", "error", err)
		}
	})
}

// serve answers calls until ctx ends and those in flight are answered.
func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	err := server.Shutdown(limit)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if serveErr := <-ended; !errors.Is(serveErr, http.ErrServerClosed) {
		err = errors.Join(err, serveErr)
	}
	return err
}

// builtUI is the user interface, nil where this binary has none.
func builtUI() fs.FS {
	ui, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(ui, "index.html"); err != nil {
		return nil
	}
	return ui
}

// parts are long-lived parts of the server that end in the opposite order of their start.
type parts struct {
	all    []part
	failed chan struct{}
	once   sync.Once
}

type part struct {
	stop  context.CancelFunc
	ended chan error
}

// start runs a part. A part that ends by itself ends the server.
func (p *parts) start(ctx context.Context, name string, run func(context.Context) error) {
	p.once.Do(func() { p.failed = make(chan struct{}, 1) })
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	one := part{stop: stop, ended: make(chan error, 1)}
	p.all = append(p.all, one)
	go func() {
		err := run(own)
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		one.ended <- err
		select {
		case p.failed <- struct{}{}:
		default:
		}
	}()
}

// wait returns when ctx has ended, or a part by itself, and all parts have ended.
func (p *parts) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-p.failed:
	}
	var errs []error
	for i := len(p.all) - 1; i >= 0; i-- {
		p.all[i].stop()
		errs = append(errs, <-p.all[i].ended)
	}
	return errors.Join(errs...)
}
