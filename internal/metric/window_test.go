package metric_test

import (
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/metric"
)

func TestDaysOfAZone(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		bucket   string
		from, to string
		hours    []int
	}{
		{metric.Day, "2026-03-28T12:00:00+01:00", "2026-03-30T12:00:00+02:00", []int{24, 23, 24}},
		{metric.Day, "2026-10-24T12:00:00+02:00", "2026-10-26T12:00:00+01:00", []int{24, 25, 24}},
		{metric.Hour, "2026-10-25T02:30:00+02:00", "2026-10-25T03:30:00+01:00", []int{1, 1, 1}},
		{metric.Week, "2026-03-25T00:00:00+01:00", "2026-03-31T00:00:00+02:00", []int{7*24 - 1, 7 * 24}},
		{metric.Month, "2026-03-25T00:00:00+01:00", "2026-04-02T00:00:00+02:00", []int{31*24 - 1, 30 * 24}},
	} {
		from, err1 := time.Parse(time.RFC3339, tt.from)
		to, err2 := time.Parse(time.RFC3339, tt.to)
		w, err := metric.NewWindow(from, to, tt.bucket, zone)
		if err1 != nil || err2 != nil || err != nil {
			t.Fatal(err1, err2, err)
		}
		if w.Len() != len(tt.hours) {
			t.Errorf("%s from %s: %d buckets, want %d", tt.bucket, tt.from, w.Len(), len(tt.hours))
			continue
		}
		for i, want := range tt.hours {
			if got := (w.Edges[i+1] - w.Edges[i]) / 3_600_000_000; got != int64(want) {
				t.Errorf("%s from %s: bucket %d has %d hours, want %d", tt.bucket, tt.from, i, got, want)
			}
		}
	}
	if _, err := metric.NewWindow(time.Unix(0, 0), time.Unix(1e9, 0), metric.Hour, zone); err == nil {
		t.Error("thirty years of hours are not too many")
	}
	if _, err := metric.NewWindow(time.Unix(5, 0), time.Unix(5, 0), metric.Hour, zone); err == nil {
		t.Error("no time at all is a window")
	}
}

func TestLastDaysAreSoMany(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		to      string
		days    int
		bucket  string
		from    string
		end     string
		buckets int
	}{
		{"2026-11-22T05:51:00+01:00", 7, metric.Day, "2026-11-16T00:00:00+01:00", "2026-11-23T00:00:00+01:00", 7},
		{"2026-11-22T00:00:00+01:00", 7, metric.Day, "2026-11-15T00:00:00+01:00", "2026-11-22T00:00:00+01:00", 7},
		{"2026-11-22T00:00:00.000001+01:00", 1, metric.Hour, "2026-11-22T00:00:00+01:00", "2026-11-23T00:00:00+01:00", 24},
		{"2026-11-22T05:51:00+01:00", 30, metric.Day, "2026-10-24T00:00:00+02:00", "2026-11-23T00:00:00+01:00", 30},
		{"2026-10-25T23:59:00+01:00", 1, metric.Hour, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25},
		{"2026-11-22T05:51:00+01:00", 30, metric.Week, "2026-10-24T00:00:00+02:00", "2026-11-23T00:00:00+01:00", 5},
		{"2026-11-22T05:51:00+01:00", 30, metric.Month, "2026-10-24T00:00:00+02:00", "2026-11-23T00:00:00+01:00", 2},
		{"2026-11-22T23:30:00Z", 1, metric.Day, "2026-11-23T00:00:00+01:00", "2026-11-24T00:00:00+01:00", 1}, // tomorrow already there
	} {
		to, err1 := time.Parse(time.RFC3339Nano, tt.to)
		w, err2 := metric.LastDays(to, tt.days, tt.bucket, zone)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		from, end := time.UnixMicro(w.Start()).In(zone).Format(time.RFC3339), time.UnixMicro(w.End()).In(zone).Format(time.RFC3339)
		if from != tt.from || end != tt.end || w.Len() != tt.buckets {
			t.Errorf("%d days to %s by %s: %s to %s in %d, want %s to %s in %d", tt.days, tt.to, tt.bucket, from, end, w.Len(), tt.from, tt.end, tt.buckets)
		}
	}
}
