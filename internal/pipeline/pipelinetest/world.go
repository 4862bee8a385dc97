// Package pipelinetest sets up what a test of the doors or the queue needs: a node at work on a real database, and a
// tenant with a provider, sources and processors made by the nouns' own verbs. Only tests import it.
package pipelinetest

import (
	"context"
	"log/slog"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Log drops what is logged.
func Log() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Node is one process on a database: a writer at work.
type Node struct {
	*storage.DB
	Library *library.Library
	// Catalogue of the server; nil: the standard one.
	Catalogue connector.Catalogue
	Plan      *plan.Holder
	Writer    *commit.Writer
}

// Start starts a node; it ends with the test.
func Start(t testing.TB, db *storage.DB, lib *library.Library) *Node {
	t.Helper()
	holder, err := plan.NewHolder(t.Context(), storage.NewPictureLoader(db, lib))
	if err != nil {
		t.Fatal(err)
	}
	n := &Node{DB: db, Library: lib, Plan: holder, Writer: commit.New(db.Engine(), holder, Log(), db.Now)}
	Go(t, n.Writer.Run)
	return n
}

// catalogue is that of the node. Its first type, with its first source, is what tests work with.
func (n *Node) catalogue() connector.Catalogue {
	if n.Catalogue == nil {
		return connector.Standard()
	}
	return n.Catalogue
}

// Go runs a part of the machine until the test ends.
func Go(t testing.TB, run func(context.Context) error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// Tenant is a company with one provider.
type Tenant struct {
	tenant.Tenant
	Provider provider.Provider
	Key      string // opens the provider's doors
	node     *Node
}

// Tenant makes a company of that name.
func (n *Node) Tenant(t testing.TB, name string) *Tenant {
	t.Helper()
	made, err := tenant.New(name, n.catalogue().Names())
	if err != nil {
		t.Fatal(err)
	}
	made.PseudonymKey = []byte("the key of a test, 32 bytes long")
	owner := access.User{Email: name + "@example.test", Name: name, Role: access.Owner, Status: access.Active}
	if made, _, err = n.NewTenant(t.Context(), made, owner, nil, false); err != nil {
		t.Fatal(err)
	}
	w := &Tenant{Tenant: made, node: n}
	w.Provider, w.Key = w.AddProvider(t, "Webhooks")
	return w
}

// AddProvider makes one more provider and gives its key.
func (w *Tenant) AddProvider(t testing.TB, name string) (provider.Provider, string) {
	t.Helper()
	p, key, err := provider.New(w.node.catalogue(), w.Tenant, w.node.catalogue()[0].Name, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = w.node.DB.AddProvider(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p, key
}

// AddSource makes a source with the processors of these specs (YAML) linked to it, enabled, in this order.
func (w *Tenant) AddSource(t testing.TB, name string, specs ...string) (source provider.Source, processors []int64) {
	t.Helper()
	s, err := provider.NewSource(w.node.catalogue(), w.Provider, w.node.catalogue()[0].Sources[0].Name, name)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = w.node.DB.AddSource(t.Context(), w.ID, w.Provider.ID, s); err != nil {
		t.Fatal(err)
	}
	var links []processor.Link
	for _, spec := range specs {
		id := w.AddProcessor(t, name, spec)
		processors = append(processors, id)
		links = append(links, processor.Link{ProcessorID: id, Constants: value.Object(nil)})
	}
	w.Link(t, s.ID, links...)
	return s, processors
}

// AddProcessor makes an enabled processor.
func (w *Tenant) AddProcessor(t testing.TB, name, spec string) int64 {
	t.Helper()
	p, err := processor.New(w.node.Library, w.ID, w.Provider.ID, name, w.node.catalogue()[0].Sources[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = w.node.DB.AddProcessor(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	w.Save(t, p.ID, spec)
	if _, err := processor.Enable(t.Context(), w.node.DB, w.node.Library, w.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	return p.ID
}

// Save makes a spec the current version of a processor.
func (w *Tenant) Save(t testing.TB, processorID int64, spec string) {
	t.Helper()
	draft := processor.Draft{Text: []byte(spec), Media: "application/yaml"}
	if _, err := processor.Save(t.Context(), w.node.DB, w.node.Library, w.ID, processorID, draft, "usr_0000000001"); err != nil {
		t.Fatal(err)
	}
}

// Link sets the links of a source, without looking at their constants.
func (w *Tenant) Link(t testing.TB, sourceID int64, links ...processor.Link) {
	t.Helper()
	for i := range links {
		links[i].SourceID, links[i].Position = sourceID, i
	}
	err := w.node.SetLinks(t.Context(), w.ID, sourceID, links, func(processor.Origin, map[int64]processor.Target) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// Count counts rows: what follows FROM.
func (n *Node) Count(t testing.TB, from string, args ...any) (count int) {
	t.Helper()
	n.Ask(t, "SELECT count(*) FROM "+from, args, &count)
	return count
}

// Ask reads one row.
func (n *Node) Ask(t testing.TB, query string, args []any, dest ...any) {
	t.Helper()
	err := n.Read(t.Context(), func(tx *storage.Tx) error { return tx.QueryRow(query, args...).Scan(dest...) })
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}
