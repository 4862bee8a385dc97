package api

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/shape"
)

// shapes keeps what deliveries look like between the checks of a spec that is being written: a check comes with every
// pause in typing, deliveries do not. A shape counts as long as the configuration and the newest delivery are the same.
type shapes struct {
	mu    sync.Mutex
	known map[string]*shape.Shape
}

// mostShapes are kept at once.
const mostShapes = 32

// remembering is the store with shapes that are known.
func (s *Server) remembering() rememberingStore { return rememberingStore{s.Store, &s.shapes} }

type rememberingStore struct {
	Store
	shapes *shapes
}

// Shape is that of processor.Store. What it gives is shared and only read.
func (r rememberingStore) Shape(ctx context.Context, lib *library.Library, tenantID int64, sources []int64, deliveries int) (*shape.Shape, error) {
	epoch, err := r.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	newest, err := r.LastDeliveries(ctx, tenantID, sources, math.MaxInt64, 1)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprint(epoch, tenantID, sources, deliveries, newest)
	r.shapes.mu.Lock()
	known := r.shapes.known[key]
	r.shapes.mu.Unlock()
	if known != nil {
		return known, nil
	}
	learned, err := r.Store.Shape(ctx, lib, tenantID, sources, deliveries)
	if err != nil {
		return nil, err
	}
	r.shapes.mu.Lock()
	defer r.shapes.mu.Unlock()
	if r.shapes.known == nil || len(r.shapes.known) >= mostShapes {
		r.shapes.known = map[string]*shape.Shape{}
	}
	r.shapes.known[key] = learned
	return learned, nil
}
