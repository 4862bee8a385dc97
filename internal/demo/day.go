package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Event is one webhook of the working day.
type Event struct {
	At   time.Time // when its sender sends it
	Door string    // "offers", "planning", "sales", "stages", "contracts", or a fixed webhook: "calls", "appointments", "visitors"
	Form bool      // Body is form data, else JSON
	Body string
	ID   string // the sender's own id of the event; "" where the sender gives none
	// WrongKey: sent with a key that is not the provider's.
	WrongKey bool
}

type object = map[string]any

// over is the hour from which nothing of a working day is to come: webhooks are sent until 18:30, and those of shifts tell
// beforehand when they end.
const over = 20

// Day writes the webhooks of one working day, in the order they are sent. The same number and date give the same day;
// another number gives other people's work under other ids.
func Day(number int, date time.Time) []Event {
	d := &day{
		rand:   rand.New(rand.NewPCG(uint64(number), 0x6465616c)),
		number: number,
		date:   time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, date.Location()),
	}
	d.shifts()
	d.offers()
	d.opportunities()
	d.calls()
	d.visitors()
	d.milestones()
	d.mistakes()
	d.contracts()
	slices.SortStableFunc(d.events, func(a, b Event) int { return a.At.Compare(b.At) })
	evening := d.date.Add(18*time.Hour + 30*time.Minute)
	return slices.DeleteFunc(d.events, func(e Event) bool { return e.At.After(evening) })
}

type day struct {
	rand   *rand.Rand
	number int
	date   time.Time
	events []Event
}

type person struct{ id, first, last, team string }

func (p person) name() string { return p.first + " " + p.last }

func (p person) email(domain string) string {
	if given, ok := givenEmails[p.id]; ok {
		return given
	}
	return p.id + "@" + domain
}

var showrooms = map[string]string{"UTR": "Utrecht", "RTM": "Rotterdam", "GRO": "Groningen"}

var salespeople = []person{
	{"17", "Cas", "Bos", "UTR"}, {"18", "Ella", "Prins", "UTR"}, {"21", "Yusuf", "Demir", "UTR"},
	{"24", "Noor", "de Wit", "RTM"}, {"25", "Thijs", "Kuiper", "RTM"}, {"31", "Iris", "Vos", "GRO"}, {"32", "Joris", "Mulder", "GRO"},
}

var promoters = []person{
	{"p-3", "Sanne", "Vis", ""}, {"p-4", "Bram", "Jacobs", ""}, {"p-8", "Fatima", "El Amrani", ""}, {"p-9", "Lotte", "Smit", ""},
	{"p-11", "Daan", "Peters", ""}, {"p-12", "Mila", "Kok", ""}, {"p-15", "Sem", "Hendriks", ""}, {"p-16", "Zoë", "van Dam", ""},
	{"p-17", "Julia", "Maes", ""}, {"ext-103", "N.", "Willems", ""},
}

var owners = []person{
	{"u_3", "Ravi", "Smit", ""}, {"u_5", "Anna", "de Groot", ""}, {"u_6", "Femke", "Postma", ""}, {"u_9", "Milan", "Kovač", ""},
	{"u_11", "Sofie", "Brouwer", ""},
}

var callers = []person{
	{"ext-101", "Sofie", "Brouwer", "day"}, {"ext-102", "Tim", "Schouten", "day"}, {"ext-103", "Nina", "Willems", "day"},
	{"ext-201", "Omar", "Haddad", "evening"}, {"ext-202", "Julia", "Maas", "evening"},
}

// givenEmails are those of people who gave an address that another system has of them.
var givenEmails = map[string]string{"u_11": "ext-101@phone.example"}

func pick[T any](d *day, of []T) T { return of[d.rand.IntN(len(of))] }

// at is a moment of the day: between two hours, or some minutes after another moment.
func (d *day) at(from, to float64) time.Time {
	seconds := (from + d.rand.Float64()*(to-from)) * 3600
	return d.date.Add(time.Duration(seconds) * time.Second)
}

func (d *day) after(t time.Time, from, to int) time.Time {
	return t.Add(time.Duration(from*60+d.rand.IntN((to-from)*60)) * time.Second)
}

const local = "2006-01-02 15:04:05"

func (d *day) id(n int) int { return d.number*10_000 + n }

func (d *day) send(at time.Time, door, id string, body object) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // what is written in this file can be marshalled
	}
	d.events = append(d.events, Event{At: at, Door: door, ID: id, Body: string(text)})
	// Senders repeat what was not confirmed in time; some do so hours later.
	switch roll := d.rand.IntN(100); {
	case roll < 3:
		d.events = append(d.events, Event{At: d.after(at, 1, 3), Door: door, ID: id, Body: string(text)})
	case roll < 4:
		d.events = append(d.events, Event{At: d.after(at, 60, 180), Door: door, ID: id, Body: string(text)})
	}
}

func cents(n int) json.Number { return json.Number(fmt.Sprintf("%d.%02d", n/100, n%100)) }

// shifts: planning sends the day's shifts as one batch before it begins, corrections come later; sales come as they are
// made, some are cancelled.
func (d *day) shifts() {
	var batch []object
	sale := 0
	for i, p := range promoters {
		promoter := object{"id": p.id, "name": p.name(), "email": p.email("promoters.example")}
		from := d.at(8.5, 10)
		to := d.after(from, 6*60, 8*60)
		shift := func(until time.Time) object {
			return object{"promoter": promoter, "shift": object{"id": d.id(i), "starts_at": from.Format(time.RFC3339), "ends_at": until.Format(time.RFC3339)}}
		}
		batch = append(batch, shift(to))
		if d.rand.IntN(3) == 0 { // worked on
			d.send(d.after(to, 5, 20), "planning", "", shift(d.after(to, 1, 60)))
		}
		for range 30 + d.rand.IntN(20) {
			sale++
			at := d.at(9, 17.4)
			amount := []int{1250, 2500, 4995, 12900}[d.rand.IntN(4)]
			product := []object{{"sku": "MAG-12", "name": "Magazine 12 months"}, {"sku": "NEWS-W", "name": "Weekend paper"}, {"sku": "STREAM", "name": "Streaming plus"}}[d.rand.IntN(3)]
			body := func(status string, cancelled any) object {
				return object{"promoter": promoter, "sale": object{
					"id": d.id(sale), "status": status, "sold_at": at.Format(local), "cancelled_at": cancelled,
					"amount": cents(amount), "product": product,
				}}
			}
			sent := d.after(at, 0, 4)
			if d.rand.IntN(20) == 0 { // the tablet was offline
				sent = d.after(at, 60, 240)
			}
			d.send(sent, "sales", fmt.Sprintf("sale-%d-1", d.id(sale)), body("accepted", nil))
			if d.rand.IntN(8) == 0 {
				cancelled := d.after(at, 20, 120)
				d.send(cancelled, "sales", fmt.Sprintf("sale-%d-2", d.id(sale)), body("cancelled", cancelled.Format(local)))
			}
		}
	}
	text, err := json.Marshal(batch)
	if err != nil {
		panic(err)
	}
	d.events = append(d.events, Event{At: d.at(8.4, 8.5), Door: "planning", Body: string(text)})
}

// offers: each is sent as a quote; some are signed, a few of those cancelled.
func (d *day) offers() {
	for n := range 180 {
		p := pick(d, salespeople)
		sent := d.at(9, 16.5)
		total := 0
		var lines []object
		for range 1 + d.rand.IntN(5) {
			category := pick(d, []string{"Outdoor kitchen", "Grill", "Furniture", "Lighting"})
			price, quantity := 9900+d.rand.IntN(300_000), 1+d.rand.IntN(3)
			total += price * quantity
			lines = append(lines, object{"sku": fmt.Sprintf("%s-%d", category[:2], price%900), "category": category, "price": cents(price), "quantity": quantity})
		}
		if d.rand.IntN(12) == 0 {
			total = 0
		}
		offer := func(order any) object {
			return object{"event": "offer.saved", "offer": object{
				"id": d.id(n), "sent_at": sent.Format(local), "total": cents(total),
				"customer":    object{"reference": fmt.Sprintf("K-%d", d.id(n%140))},
				"salesperson": object{"id": json.Number(p.id), "first_name": p.first, "last_name": p.last},
				"showroom":    object{"code": p.team, "name": showrooms[p.team]},
				"order":       order,
			}}
		}
		event := fmt.Sprintf("offer-%d", d.id(n))
		d.send(d.after(sent, 0, 2), "offers", event+"-sent", offer(nil))
		if total == 0 || d.rand.IntN(3) > 0 {
			continue
		}
		signed := d.after(sent, 30, 180)
		order := object{"id": d.id(n), "signed_at": signed.Format(local), "total": cents(total), "lines": lines}
		if d.rand.IntN(9) == 0 { // a line typed in by hand: this item of the loop fails, the others stand
			lines = append(lines, object{"sku": "MISC", "category": "Outdoor kitchen", "price": "to be agreed", "quantity": 1})
			order["lines"] = lines
		}
		d.send(d.after(signed, 0, 2), "offers", event+"-signed", offer(order))
		if d.rand.IntN(6) == 0 {
			cancelled := d.after(signed, 20, 90)
			cancel := object{"id": order["id"], "signed_at": order["signed_at"], "cancelled_at": cancelled.Format(local), "total": order["total"], "lines": []object{}}
			d.send(cancelled, "offers", event+"-cancelled", offer(cancel))
		}
	}
}

// opportunities move through their stages in the course of the day; one stage is counted by nobody.
func (d *day) opportunities() {
	for n := range 130 {
		owner := pick(d, owners)
		created := d.at(8.5, 15)
		at := created
		amount := fmt.Sprintf("%d.%03d,%02d", 1+d.rand.IntN(8), d.rand.IntN(1000), d.rand.IntN(100))
		stages := []string{"new", "demo", "proposal", pick(d, []string{"won", "lost", "parked"})}
		for _, stage := range stages[:1+d.rand.IntN(4)] {
			d.send(d.after(at, 0, 2), "stages", fmt.Sprintf("evt_%d_%s", d.id(n), stage), object{
				"type": "OpportunityStageUpdate", "changed_at": at.Unix(),
				"opportunity": object{
					"id": fmt.Sprintf("op_%d", d.id(n)), "stage": stage, "amount": amount, "created_at": created.UnixMilli(),
					"is_first_of_contact": n%3 > 0, "contact_id": fmt.Sprintf("ct_%d", d.id(n-n%3)),
					"assignedTo": object{"id": owner.id, "name": owner.name(), "email": owner.email("crm.example")},
				},
			})
			at = d.after(at, 20, 90)
		}
	}
}

// calls come from the phone system, at the fixed webhook; it knows the teams.
func (d *day) calls() {
	teams := map[string]string{"day": "Day shift", "evening": "Evening shift"}
	for n := range 480 {
		p := pick(d, callers)
		at := d.at(8.6, 17.8)
		seconds := 5 + d.rand.IntN(900)
		body := object{
			"id": fmt.Sprintf("call %d", d.id(n)), "agent_id": p.id, "agent_name": p.name(), "agent_team_id": p.team, "agent_team_name": teams[p.team],
			"started_at": at.Format(local), "duration": seconds, "direction": pick(d, []string{"outbound", "outbound", "outbound", "inbound"}),
			"result": pick(d, []string{"no answer", "call back", "appointment", "not interested"}),
		}
		d.send(at.Add(time.Duration(seconds)*time.Second), "calls", "", body)
	}
}

// visitors are counted at the doors of the showrooms, which know no agents; their boxes send form data.
func (d *day) visitors() {
	for n := range 90 {
		at := d.at(9.5, 17)
		d.events = append(d.events, Event{At: at, Door: "visitors", Form: true,
			Body: fmt.Sprintf("id=visit+%d&type=Showroom+visit&moment=%s&value=%d&contact_key=", d.id(n), at.Format("2006-01-02T15:04:05"), 1+d.rand.IntN(4))})
	}
}

// milestones are activities that the phone system sends ready-made.
func (d *day) milestones() {
	for n := range 60 {
		p := pick(d, callers)
		at := d.at(9, 17.5)
		body := object{
			"id": fmt.Sprintf("appointment %d", d.id(n)), "type": "Appointment planned", "agent_id": p.id, "agent_name": p.name(),
			"agent_email": p.email("phone.example"), "moment": at.Format(local), "contact_key": fmt.Sprintf("lead-%d", d.id(n)), "value": 1,
		}
		if n%10 == 9 { // it was no appointment after all: the same id, another type
			d.send(d.after(at, 5, 30), "appointments", "", object{"id": body["id"], "type": "Appointment cancelled", "agent_id": p.id, "moment": at.Format(local)})
		}
		d.send(at, "appointments", "", body)
	}
}

// mistakes are what every day has: bodies that are no JSON, keys that were never right, agents nobody named, dates
// nobody can read.
func (d *day) mistakes() {
	later := func() time.Time { return d.at(9.5, 17) }
	moment := later().Format(local)
	for range 5 {
		d.events = append(d.events,
			Event{At: later(), Door: "appointments", Body: "{\n  \"id\": \"deal 123 | demo planned\", // Required\n  \"type\": \"Deal stage: Demo planned\", // Required\n}"},
			Event{At: later(), Door: "stages", Body: `{"type": "OpportunityStageUpdate", "opportunity": {"id": "op_`},
			Event{At: later(), Door: "offers", WrongKey: true, Body: `{"event": "ping"}`},
			Event{At: later(), Door: "calls", WrongKey: true, Body: `{}`},
			Event{At: later(), Door: "visitors", Form: true, Body: "id=visit&type=Showroom+visit&moment=" + moment + "&value=1,5"},
		)
	}
	for n := range 4 {
		d.send(later(), "calls", "", object{"id": fmt.Sprintf("call without name %d", d.id(n)), "agent_id": "ext-999", "started_at": moment})
		d.send(later(), "sales", "", object{"promoter": object{"name": "Temp"}, "sale": object{
			"id": d.id(9000 + n), "status": "accepted", "sold_at": moment, "amount": 25, "product": object{"sku": "MAG-12", "name": "Magazine 12 months"},
		}})
		d.send(later(), "planning", "", object{
			"promoter": object{"id": "p-3", "name": "Sanne Vis", "email": "p-3@promoters.example"},
			"shift":    object{"id": d.id(9000 + n), "starts_at": "tomorrow morning", "ends_at": nil},
		})
	}
}
