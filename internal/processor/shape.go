package processor

import (
	"context"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/shape"
)

// samples is how many of the last deliveries a spec is checked with.
const samples = 200

// Shape is what the last deliveries of the sources that are linked to a processor look like.
func Shape(ctx context.Context, store Store, lib *library.Library, p Processor, deliveries int) (*shape.Shape, error) {
	links, err := store.LinksTo(ctx, p.TenantID, p.ID)
	if err != nil {
		return nil, err
	}
	sources := make([]int64, len(links))
	for i, l := range links {
		sources[i] = l.SourceID
	}
	return store.Shape(ctx, lib, p.TenantID, sources, deliveries)
}
