package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// sellers go from door to door with energy contracts. The back office knows them by number.
var sellers = []person{
	{"V017", "Hanna", "de Boer", ""}, {"V021", "Stijn", "Vermeer", ""}, {"V022", "Amira", "Yildiz", ""},
	{"V034", "Koen", "Dijkstra", ""}, {"V035", "Lieke", "Bakker", ""}, {"V041", "Ruben", "Claes", ""},
}

// sellerNames are the people behind the numbers, as the office knows them.
var sellerNames = func() map[string]string {
	names := map[string]string{}
	for _, s := range sellers {
		names[s.id] = s.name()
	}
	return names
}()

// Days that the back office and the phone system look back over on the first day, so that there is something to compare with.
const lookBack = 28

const backOffice = "02-01-2006 15:04"

// contracts are sent when they are signed, and again with every step: the usage is known later, and some are withdrawn. They
// are drawn apart from the rest of the day.
func (d *day) contracts() {
	draw := &day{rand: rand.New(rand.NewPCG(uint64(d.number), 0x6b5768)), number: d.number, date: d.date}
	for n := range 60 {
		signed := draw.at(9.5, 17)
		c := draw.contract(n, signed)
		draw.send(draw.after(signed, 0, 3), "contracts", "", c("signed", nil))
		checked := draw.after(signed, 20, 60)
		draw.send(checked, "contracts", "", c("checked", nil))
		if draw.rand.IntN(7) == 0 {
			withdrawn := draw.after(checked, 10, 60)
			draw.send(withdrawn, "contracts", "", c("withdrawn", &withdrawn))
		}
	}
	if d.number == 1 {
		draw.past()
	}
	d.events = append(d.events, draw.events...)
}

func (d *day) contract(n int, signed time.Time) func(step string, at *time.Time) object {
	seller := pick(d, sellers)
	product := pick(d, []string{"GREEN-3Y", "GREEN-1Y", "GAS-FLEX"})
	value, high, low, gas := 60_000+d.rand.IntN(180_000), 900+d.rand.IntN(1500), 700+d.rand.IntN(1400), 600+d.rand.IntN(1300)
	back := d.rand.IntN(4) * d.rand.IntN(900)
	connections := [][]string{{"E", "G"}, {"E", "G"}, {"E"}}[d.rand.IntN(3)]
	kind := pick(d, []string{"new", "new", "new", "renewal"})
	return func(step string, at *time.Time) object {
		c := object{
			"number": d.id(2000 + n), "campaign": "Autumn", "seller": seller.id, "product": product, "kind": kind, "step": step, "signed": signed.Format(backOffice),
			"value": fmt.Sprintf("%d,%02d", value/100, value%100), "postcode": fmt.Sprintf("%d AB", 1100+n*37%8000), "house": 1 + n%90,
		}
		if step != "signed" {
			c["usage"] = object{"high": high, "low": low, "return": back, "gas": gas}
			c["connections"] = connections
		}
		if at != nil {
			c["step_at"] = at.Format(backOffice)
		}
		return c
	}
}

// past is what the first morning begins with: contracts and appointments of the weeks before, fewer on Saturdays, none on
// Sundays.
func (d *day) past() {
	today := d.date
	var batch []object
	n := 0
	for back := lookBack; back > 0; back-- {
		d.date = today.AddDate(0, 0, -back)
		count := 4 + d.rand.IntN(5)
		switch d.date.Weekday() {
		case time.Sunday:
			continue
		case time.Saturday:
			count = 1 + d.rand.IntN(2)
		}
		for range count {
			n++
			signed := d.at(9.5, 17)
			c := d.contract(100+n, signed)
			if d.rand.IntN(7) > 0 {
				batch = append(batch, c("checked", nil))
				continue
			}
			withdrawn := signed.AddDate(0, 0, 1)
			batch = append(batch, c("withdrawn", &withdrawn))
		}
		for i := range count / 2 {
			p := pick(d, callers)
			text, err := json.Marshal(object{
				"id": fmt.Sprintf("appointment %d-%d", back, i), "type": "Appointment planned", "agent_id": p.id, "agent_name": p.name(),
				"agent_email": p.email("phone.example"), "moment": d.at(9, 17).Format(local), "contact_key": fmt.Sprintf("lead-%d-%d", back, i), "value": 1,
			})
			if err != nil {
				panic(err) // as in send
			}
			sent := today.Add(8*time.Hour + time.Duration(len(d.events)%1400)*time.Second)
			d.events = append(d.events, Event{At: sent, Door: "appointments", Body: string(text)})
		}
	}
	d.date = today
	text, err := json.Marshal(batch)
	if err != nil {
		panic(err) // as in send
	}
	d.events = append(d.events, Event{At: today.Add(8 * time.Hour), Door: "contracts", Body: string(text)})
}
