package storage

import (
	"context"
	"math"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Samples are read some at a time, the newest first, until there are enough or so many bytes of them.
const (
	samplesAtOnce = 25
	sampleBytes   = 16 << 20
)

// Shape is that of processor.Store.
func (db *DB) Shape(ctx context.Context, lib *library.Library, tenantID int64, sources []int64, deliveries int) (*shape.Shape, error) {
	t, err := db.Tenant(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	learner := shape.New(t.Country)
	err = db.Samples(ctx, lib, tenantID, sources, deliveries, learner.Add)
	return learner.Shape(), err
}

// Samples is that of processor.Store.
func (db *DB) Samples(ctx context.Context, lib *library.Library, tenantID int64, sources []int64, deliveries int, see func(value.Value)) error {
	doors := map[int64]*pseudonym.Door{}
	for _, source := range sources {
		var err error
		if doors[source], err = db.Door(ctx, lib, tenantID, source); err != nil {
			return err
		}
	}
	kept, err := db.LastDeliveries(ctx, tenantID, sources, math.MaxInt64, deliveries)
	if err != nil {
		return err
	}
	read := 0
	for some := range slices.Chunk(trial.Numbers(kept), samplesAtOnce) {
		samples, err := db.Deliveries(ctx, tenantID, some)
		if err != nil {
			return err
		}
		for i := range samples {
			item, err := execute.Item(&samples[i], doors[samples[i].SourceID])
			if err != nil {
				return err
			}
			see(item)
			read += len(samples[i].Body)
		}
		if read >= sampleBytes {
			break
		}
	}
	return nil
}
