// Package bench measures the built binary from outside: deliveries per second from POST to durable record, the time
// of the answer, memory, start and size, each beside the figure to reach and beside a bare net/http server on the same
// machine in the same minutes. It talks to loopback only and stops by itself. It never runs inside the server.
package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// target is an entrance under load.
type target struct {
	addr  string // host:port on loopback
	path  string
	token string
}

// load is what one stretch of load gave.
type load struct {
	answers int // with status 200
	refused int // with any other status
	seconds float64
	cpu     time.Duration   // that the server used meanwhile
	took    []time.Duration // of the 200s, sorted
}

func (l load) microsPerAnswer() float64 { return float64(l.cpu.Microseconds()) / float64(l.answers) }

func (l load) perSecond() float64 { return float64(l.answers) / l.seconds }

// quantile of the answers' times; q is from 0 to 1.
func (l load) quantile(q float64) time.Duration {
	if len(l.took) == 0 {
		return 0
	}
	return l.took[min(len(l.took)-1, int(q*float64(len(l.took))))]
}

// run puts closed-loop load on t for about d: each client sends its next delivery when the last was answered. Raw
// keep-alive sockets, so that the generator costs little of the two cores it shares with the server. It also tells the
// CPU time of the process pid: unlike the rate it hardly depends on what else the machine does.
func run(ctx context.Context, t target, pid, clients int, d time.Duration) (load, error) {
	ctx, cancel := context.WithTimeout(ctx, d+10*time.Second)
	defer cancel()
	end := time.Now().Add(d)
	results := make([]load, clients)
	errs := make([]error, clients)
	var wg sync.WaitGroup
	start := time.Now()
	before, err := cpuTime(pid)
	if err != nil {
		return load{}, err
	}
	for i := range clients {
		wg.Go(func() { results[i], errs[i] = client(ctx, t, end) })
	}
	wg.Wait()
	after, err := cpuTime(pid)
	if err != nil {
		return load{}, err
	}
	sum := load{seconds: time.Since(start).Seconds(), cpu: after - before}
	for _, r := range results {
		sum.answers += r.answers
		sum.refused += r.refused
		sum.took = append(sum.took, r.took...)
	}
	slices.Sort(sum.took)
	return sum, errors.Join(errs...)
}

func client(ctx context.Context, t target, end time.Time) (l load, err error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", t.addr)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return l, err
		}
	}
	rng := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	reader := bufio.NewReaderSize(conn, 8<<10)
	var body, request bytes.Buffer
	for {
		began := time.Now()
		if began.After(end) {
			return l, nil
		}
		body.Reset()
		delivery(&body, rng)
		request.Reset()
		fmt.Fprintf(&request, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
			t.path, t.addr, t.token, body.Len())
		request.Write(body.Bytes())
		if _, err := conn.Write(request.Bytes()); err != nil {
			return l, err
		}
		status, err := answer(reader)
		if err != nil {
			return l, err
		}
		if status != 200 {
			l.refused++
			continue
		}
		l.answers++
		l.took = append(l.took, time.Since(began))
	}
}

// answer reads one HTTP/1.1 answer that has a Content-Length.
func answer(r *bufio.Reader) (status int, err error) {
	length := -1
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case first:
			if len(line) < 12 {
				return 0, fmt.Errorf("no status line: %q", line)
			}
			if status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return 0, fmt.Errorf("no status line: %q", line)
			}
		case len(line) == 0:
			if length < 0 {
				return 0, errors.New("an answer without Content-Length")
			}
			_, err := io.CopyN(io.Discard, r, int64(length))
			return status, err
		default:
			name, rest, _ := bytes.Cut(line, []byte(":"))
			if bytes.EqualFold(name, []byte("Content-Length")) {
				if length, err = strconv.Atoi(string(bytes.TrimSpace(rest))); err != nil {
					return 0, err
				}
			}
		}
	}
}

// delivery writes one sale conversation of about 550 bytes: 200 agents in 10 teams, 20 propositions, a new id each time,
// two of three end in a sale. Agents do not change teams.
func delivery(b *bytes.Buffer, rng *rand.Rand) {
	agent, product := rng.IntN(200), rng.IntN(20)
	team := agent % 10
	outcome := "callback"
	if rng.IntN(3) > 0 {
		outcome = "sale"
	}
	fmt.Fprintf(b, `{"id":"conv-%016x","event":"conversation.closed","sent_at":"2026-11-20T10:%02d:%02d",`+
		`"agent":{"id":%d,"first_name":"Sanne","last_name":"Visser %d","email":"agent%d@example.test"},`+
		`"team":{"id":"team-%d","name":"Buitendienst %d"},`+
		`"product":{"id":"GV%d","name":"Groen Vast %d jaar"},`+
		`"conversation":{"outcome":"%s","closed_at":"2026-11-20 10:%02d:%02d","duration":%d,"channel":"door","campaign":"herfst-2026"},`+
		`"contact":{"key":"c-%08x","city":"Zwolle"},"amount":"%d.%02d","currency":"EUR","tags":["nieuw","regio-noord"]}`,
		rng.Uint64(), rng.IntN(60), rng.IntN(60), agent, agent, agent, team, team, product, product,
		outcome, rng.IntN(60), rng.IntN(60), rng.IntN(1800), rng.Uint32(), rng.IntN(2000), rng.IntN(100))
}

// spec is the program of the bench: eight instructions.
const spec = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - type: upsert_team_external_identity
    external_id: =event.team.id
    external_name: =event.team.name
    return_as: team
  - type: upsert_agent_external_identity
    external_id: =event.agent.id
    external_name: =implode_with_spaces(event.agent.first_name, event.agent.last_name)
    team_external_identity: =team
    return_as: agent
  - type: upsert_proposition_external_identity
    external_id: =event.product.id
    external_name: =event.product.name
    return_as: product
  - type: define_variable
    value: =parse_datetime(event.conversation.closed_at)
    return_as: closed
  - type: upsert_activity
    external_id: =concat(event.id, " | closed")
    activity_type: =concat("Conversation | ", event.conversation.outcome)
    agent_external_identity: =agent
    moment: =closed
    contact_key: =event.contact.key
    team_external_identity: =team
  - type: if_else
    condition: =equals(event.conversation.outcome, "sale")
    then:
      - type: upsert_sale
        external_id: =event.id
        agent_external_identity: =agent
        proposition_external_identity: =product
        sold_at: =closed
        contract_value: =parse_number(event.amount)
        contact_key: =event.contact.key
    else:
      - type: stop
        reason: no sale
`
