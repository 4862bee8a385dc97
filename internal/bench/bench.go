package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Options of a measurement.
type Options struct {
	Binary      string        // the built dealwright
	DatabaseURL string        // of an empty PostgreSQL database; empty: SQLite only
	Clients     []int         // each is measured
	Stretch     time.Duration // of one measurement
	Rounds      int           // interleaved repeats; the median is told
}

// figures to reach, on the machine the tests run on.
const (
	wantPerSecond = 6000
	wantP99       = 25 * time.Millisecond
	wantIdleMB    = 50
	wantStart     = 200 * time.Millisecond
	wantBinaryMB  = 45
)

// Main measures and prints a table.
func Main(ctx context.Context, o Options, out io.Writer) (err error) {
	var servers []*server
	urls := []string{""}
	if o.DatabaseURL != "" {
		urls = append(urls, o.DatabaseURL)
	}
	for _, u := range urls {
		s, err := startServer(ctx, o.Binary, u)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.stop()) }()
		servers = append(servers, s)
	}
	reference, pid, stop, err := startReference(ctx)
	if err != nil {
		return err
	}
	defer stop()

	type row struct {
		name    string
		target  target
		pid     int // of the server
		clients int
		loads   []load
	}
	var rows []*row
	for _, clients := range o.Clients {
		rows = append(rows, &row{name: "bare net/http + JSON", target: reference, pid: pid, clients: clients})
		for _, s := range servers {
			rows = append(rows, &row{name: s.name, target: s.target, pid: s.cmd.Process.Pid, clients: clients})
		}
	}
	for _, r := range rows { // caches, connections and first pages, not counted
		if _, err := run(ctx, r.target, r.pid, r.clients, time.Second); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	for round := range o.Rounds {
		fmt.Fprintf(out, "round %d of %d\n", round+1, o.Rounds)
		for _, r := range rows {
			l, err := run(ctx, r.target, r.pid, r.clients, o.Stretch)
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			r.loads = append(r.loads, l)
		}
	}

	tab := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "\nclients\ttarget\tanswers/s\tlow..high\tof bare\tp50 ms\tp99 ms\tCPU µs\tnot 200\tto reach")
	bare := map[int]float64{}
	for _, r := range rows {
		rate := median(r.loads, load.perSecond)
		if r.target == reference {
			bare[r.clients] = rate
		}
		slices.SortFunc(r.loads, func(a, b load) int { return int(a.perSecond() - b.perSecond()) })
		goal := ""
		if r.target != reference && r.clients == 32 {
			goal = fmt.Sprintf("%d/s, p99 %v: %s", wantPerSecond, wantP99,
				verdict(rate >= wantPerSecond && p(r.loads, .99) <= wantP99.Seconds()*1000))
		}
		refused := 0
		for _, l := range r.loads {
			refused += l.refused
		}
		fmt.Fprintf(tab, "%d\t%s\t%.0f\t%.0f..%.0f\t%.2f\t%.1f\t%.1f\t%.0f\t%d\t%s\n", r.clients, r.name, rate,
			r.loads[0].perSecond(), r.loads[len(r.loads)-1].perSecond(), rate/bare[r.clients], p(r.loads, .5), p(r.loads, .99),
			median(r.loads, load.microsPerAnswer), refused, goal)
	}
	fmt.Fprintln(tab, "\nserver\tidle MB\tstart ms\tMB after\tto reach")
	for _, s := range servers {
		after, err := resident(s.cmd.Process.Pid)
		if err != nil {
			return err
		}
		fmt.Fprintf(tab, "%s\t%.1f\t%d\t%.0f\t%d MB, %v: %s\n", s.name, s.idleMB, s.start.Milliseconds(), after,
			wantIdleMB, wantStart, verdict(s.idleMB < wantIdleMB && s.start < wantStart))
	}
	info, err := os.Stat(o.Binary)
	if err != nil {
		return err
	}
	megabytes := float64(info.Size()) / (1 << 20)
	fmt.Fprintf(tab, "\nbinary\t%.1f MB\tto reach %d MB: %s\n", megabytes, wantBinaryMB, verdict(megabytes < wantBinaryMB))
	return tab.Flush()
}

func verdict(reached bool) string {
	if reached {
		return "reached"
	}
	return "NOT reached"
}

func median(loads []load, of func(load) float64) float64 {
	var all []float64
	for _, l := range loads {
		all = append(all, of(l))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// p is the median over the rounds of a quantile, in milliseconds.
func p(loads []load, q float64) float64 {
	return median(loads, func(l load) float64 { return l.quantile(q).Seconds() * 1000 })
}

// startReference runs Reference in a process of its own, as the servers are.
func startReference(ctx context.Context) (_ target, pid int, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return target{}, 0, nil, err
	}
	addr, err := freeAddress()
	if err != nil {
		return target{}, 0, nil, err
	}
	const token = "reference"
	cmd := exec.CommandContext(ctx, self, "--reference", addr, "--token", token)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return target{}, 0, nil, err
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	for range 200 {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", addr)
		if err == nil {
			return target{addr: addr, path: "/", token: token}, cmd.Process.Pid, stop, conn.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	return target{}, 0, nil, fmt.Errorf("the reference server did not start on %s", addr)
}

// ParseClients reads "32,256".
func ParseClients(text string) ([]int, error) {
	var all []int
	for part := range strings.SplitSeq(text, ",") {
		var n int
		if _, err := fmt.Sscanf(part, "%d", &n); err != nil || n < 1 || n > 4096 {
			return nil, fmt.Errorf("clients %q: numbers from 1 to 4096, with commas between", text)
		}
		all = append(all, n)
	}
	return all, nil
}
