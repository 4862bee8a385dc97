package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/secret"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

// PictureLoader reads the configuration whole. It keeps the programs and environments of its last picture, so that a
// change of one processor costs one compilation.
type PictureLoader struct {
	db           *DB
	mu           sync.Mutex
	library      *library.Library
	versions     map[int64]*compiled // by number of the spec version
	environments map[[sha256.Size]byte]int64
}

// compiled is a spec version as it runs. A spec that no longer checks has no program.
type compiled struct {
	spec    *tree.Spec
	program *run.Program
}

// NewPictureLoader makes a loader.
func NewPictureLoader(db *DB, lib *library.Library) *PictureLoader {
	return &PictureLoader{db: db, library: lib, versions: map[int64]*compiled{}, environments: map[[sha256.Size]byte]int64{}}
}

// linkRow is a link as it is stored, with the spec version that is current.
type linkRow struct {
	source, processor int64
	position, version int
	constants         []byte
	suspended         bool
	model             string
	specVersion       int64
	tree              []byte
}

// LoadPicture reads the configuration at its present epoch.
func (l *PictureLoader) LoadPicture(ctx context.Context) (*plan.Picture, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	picture, links, err := l.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	versions := make(map[int64]*compiled, len(l.versions))
	for i := range links {
		row := &links[i]
		version := versions[row.specVersion]
		if version == nil {
			if version = l.versions[row.specVersion]; version == nil {
				version = l.compile(row)
			}
			versions[row.specVersion] = version
		}
		source := picture.Sources[row.source]
		link, err := newLink(row, version, source.Provider.Tenant)
		if err != nil {
			return nil, err
		}
		source.Links = append(source.Links, link)
	}
	l.versions = versions
	return picture, l.nameEnvironments(ctx, picture)
}

// Epoch is that of the configuration in the database.
func (l *PictureLoader) Epoch(ctx context.Context) (int64, error) { return l.db.Epoch(ctx) }

// Epoch is that of the configuration.
func (db *DB) Epoch(ctx context.Context) (epoch int64, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		epoch, err = tx.Epoch()
		return err
	})
	return epoch, err
}

// compile makes a program of a stored spec, as the language is now.
func (l *PictureLoader) compile(row *linkRow) *compiled {
	spec, problems, _ := text.ReadJSON(row.tree, l.library)
	if spec == nil || tree.HasErrors(append(problems, processor.Problems(spec, l.library, row.model, nil)...)) {
		return &compiled{}
	}
	model, _ := l.library.Model(row.model)
	program, err := compile.Compile(spec, l.library, compile.Options{Var: model.Var})
	if err != nil {
		return &compiled{}
	}
	return &compiled{spec: spec, program: program}
}

// newLink decides what is in force for a link: its program with the constants it knows, or why deliveries must wait.
func newLink(row *linkRow, c *compiled, tenant *plan.Tenant) (plan.Link, error) {
	link := plan.Link{
		ProcessorID: row.processor,
		Position:    row.position,
		Version:     row.version,
		Zone:        tenant.Zone,
		Country:     tenant.Country,
	}
	given, syntax := value.ParseJSON(row.constants, value.Limits{Bytes: len(row.constants) + 1})
	if syntax != nil {
		return link, fmt.Errorf("constants of processor %d on source %d: %w", row.processor, row.source, syntax)
	}
	if row.suspended || c.program == nil || len(processor.SwitchedOff(c.spec, tenant.Has)) > 0 {
		link.Wait = string(pipeline.ReasonSuspended)
		return link, nil
	}
	link.Program = c.program
	for _, constant := range c.spec.Constants { // values of constants that are gone are dropped
		if given.Has(constant.Name) {
			link.Constants = append(link.Constants, run.Field{Name: constant.Name, Value: given.Get(constant.Name)})
		}
	}
	if len(processor.CheckConstants(c.spec, given)) > 0 {
		link.Wait = string(pipeline.ReasonIncomplete)
	}
	return link, nil
}

func (l *PictureLoader) read(ctx context.Context) (*plan.Picture, []linkRow, error) {
	p := &plan.Picture{
		Tenants:   map[int64]*plan.Tenant{},
		Providers: map[int64]*plan.Provider{},
		Sources:   map[int64]*plan.Source{},
		KeyOwners: map[[sha256.Size]byte]*plan.Provider{},
		Doors:     map[int64]*pseudonym.Door{},
	}
	var links []linkRow
	err := l.db.Read(ctx, func(tx *Tx) error {
		var err error
		if p.Epoch, err = tx.Epoch(); err != nil {
			return err
		}
		for _, part := range []func(*Tx, *plan.Picture) error{readTenants, readProviders, readKeys, l.readDoors, dropDeleted, readSources} {
			if err := part(tx, p); err != nil {
				return err
			}
		}
		links, err = readLinks(tx, p)
		return err
	})
	return p, links, err
}

func readTenants(tx *Tx, p *plan.Picture) error {
	return tx.Each(func(rows *sql.Rows) error {
		t, err := tx.scanTenant(rows.Scan)
		if err != nil {
			return err
		}
		p.Tenants[t.ID], err = planned(&t)
		return err
	}, "SELECT "+tenantColumns+" FROM tenants")
}

// planned is a tenant as the machine needs it.
func planned(t *tenant.Tenant) (*plan.Tenant, error) {
	kinds := make(map[string]bool, len(t.RecordKinds))
	for _, kind := range t.RecordKinds {
		kinds[kind] = true
	}
	made := &plan.Tenant{
		ID: t.ID, Zone: t.TimeZone, Country: t.Country, Kinds: kinds, Projects: t.Projects,
		UserCreation: t.UserCreation, AgentManagement: t.AgentManagement, PseudonymKey: t.PseudonymKey, ContactKeys: t.ContactKeys,
	}
	if t.RawKey == nil {
		return made, nil
	}
	var err error
	made.Raw, err = secret.Of(t.RawKey)
	return made, err
}

func readProviders(tx *Tx, p *plan.Picture) error {
	return tx.Each(func(rows *sql.Rows) error {
		var one plan.Provider
		var tenantID int64
		var deleted int64
		if err := rows.Scan(&one.ID, &tenantID, &one.Type, &one.Name, &deleted); err != nil {
			return err
		}
		one.Deleted = deleted != 0
		one.Tenant = p.Tenants[tenantID]
		p.Providers[one.ID] = &one
		return nil
	}, "SELECT id, tenant_id, type, name, coalesce(deleted_at, 0) FROM providers")
}

// dropDeleted leaves deleted providers in the picture by their keys only.
func dropDeleted(_ *Tx, p *plan.Picture) error {
	maps.DeleteFunc(p.Providers, func(_ int64, one *plan.Provider) bool { return one.Deleted })
	return nil
}

// readKeys reads those that still open a door; one that expires while the picture is in use is told by its moment.
func readKeys(tx *Tx, p *plan.Picture) error {
	return tx.Each(func(rows *sql.Rows) error {
		var k plan.Key
		var providerID int64
		var hash []byte
		var expires sql.NullInt64
		if err := rows.Scan(&k.ID, &providerID, &hash, &expires); err != nil {
			return err
		}
		provider := p.Providers[providerID]
		if provider == nil {
			return nil
		}
		if len(hash) != len(k.Hash) {
			return fmt.Errorf("provider key %d: its hash has %d bytes", k.ID, len(hash))
		}
		k.Hash, k.ExpiresAt = [sha256.Size]byte(hash), expires.Int64
		provider.Keys = append(provider.Keys, k)
		p.KeyOwners[k.Hash] = provider
		return nil
	}, "SELECT id, provider_id, hash, expires_at FROM provider_keys WHERE expires_at IS NULL OR expires_at > ? ORDER BY id", tx.Now)
}

func readSources(tx *Tx, p *plan.Picture) error {
	return tx.Each(func(rows *sql.Rows) error {
		var s plan.Source
		var providerID int64
		if err := rows.Scan(&s.ID, &providerID, &s.Type, &s.Model, &s.Name); err != nil {
			return err
		}
		if s.Provider = p.Providers[providerID]; s.Provider != nil {
			p.Sources[s.ID] = &s
		}
		return nil
	}, "SELECT id, provider_id, type, source_model, name FROM sources WHERE deleted_at IS NULL")
}

// readDoors reads where personal data is in what sources deliver, or delivered.
func (l *PictureLoader) readDoors(tx *Tx, p *plan.Picture) error {
	return tx.Each(func(rows *sql.Rows) error {
		var m markedSource
		if err := m.scan(rows.Scan); err != nil {
			return err
		}
		owner := p.Tenants[m.tenantID]
		if door := m.door(l.library, owner.PseudonymKey, owner.Country); door != nil {
			p.Doors[m.id] = door
		}
		return nil
	}, "SELECT "+markedSourceColumns+" FROM sources")
}

func readLinks(tx *Tx, p *plan.Picture) ([]linkRow, error) {
	var links []linkRow
	err := tx.Each(func(rows *sql.Rows) error {
		var row linkRow
		var suspended int64
		err := rows.Scan(&row.source, &row.processor, &row.position, &row.constants, &suspended, &row.model, &row.version, &row.specVersion, &row.tree)
		if err != nil || p.Sources[row.source] == nil {
			return err
		}
		row.suspended = suspended != 0
		links = append(links, row)
		return nil
	}, `
		SELECT l.source_id, l.processor_id, l.position, l.constants, p.suspended, p.source_model, v.version, v.id, v.tree
		FROM links l
		JOIN processors p ON p.id = l.processor_id
		JOIN spec_versions v ON v.processor_id = p.id AND v.version = p.current_version
		WHERE p.enabled = 1 AND p.deleted_at IS NULL
		ORDER BY l.source_id, l.position, l.processor_id`)
	return links, err
}

// nameEnvironments gives every link the number of its environment, which is stored when it is a new one.
func (l *PictureLoader) nameEnvironments(ctx context.Context, p *plan.Picture) error {
	var links []*plan.Link
	for _, source := range p.Sources {
		for i := range source.Links {
			links = append(links, &source.Links[i])
		}
	}
	known, err := l.environmentsOf(ctx, links)
	if err == nil {
		l.environments = known
	}
	return err
}

// environmentsOf sets the numbers of the environments of links, and gives all of them by their hashes.
func (l *PictureLoader) environmentsOf(ctx context.Context, links []*plan.Link) (map[[sha256.Size]byte]int64, error) {
	hashes := make([][sha256.Size]byte, len(links))
	unknown := map[[sha256.Size]byte]plan.Environment{}
	for i, link := range links {
		e := plan.Environment{Zone: link.Zone, Country: link.Country, Revision: run.Revision, Constants: link.Constants}
		hashes[i] = e.Hash()
		if l.environments[hashes[i]] == 0 {
			unknown[hashes[i]] = e
		}
	}
	if len(unknown) > 0 {
		if err := l.storeEnvironments(ctx, unknown); err != nil {
			return nil, fmt.Errorf("store environments: %w", err)
		}
	}
	known := make(map[[sha256.Size]byte]int64, len(links))
	for i, link := range links {
		link.EnvironmentID = l.environments[hashes[i]]
		known[hashes[i]] = link.EnvironmentID
	}
	return known, nil
}

// storeEnvironments inserts those that are not there, in the order of their hashes so that two nodes that do so at once
// never wait for each other in a circle.
func (l *PictureLoader) storeEnvironments(ctx context.Context, unknown map[[sha256.Size]byte]plan.Environment) error {
	hashes := make([][sha256.Size]byte, 0, len(unknown))
	for hash := range unknown {
		hashes = append(hashes, hash)
	}
	slices.SortFunc(hashes, func(a, b [sha256.Size]byte) int { return slices.Compare(a[:], b[:]) })
	found := map[[sha256.Size]byte]int64{}
	err := l.db.Write(ctx, func(tx *Tx) error {
		clear(found)
		for _, hash := range hashes {
			number, err := tx.NextNumber()
			if err != nil {
				return err
			}
			_, err = tx.Exec("INSERT INTO environments (id, hash, body) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
				number, hash[:], string(unknown[hash].JSON()))
			if err != nil {
				return err
			}
			if err := tx.QueryRow("SELECT id FROM environments WHERE hash = ?", hash[:]).Scan(&number); err != nil {
				return err
			}
			found[hash] = number
		}
		return nil
	})
	for hash, number := range found {
		l.environments[hash] = number
	}
	return err
}
