package run

// Code tells what one code of a data error means, for the reference. Spec, a list of instructions, and Item give the
// error, as a test checks; they are empty where no item alone can.
type Code struct{ Code, Means, Do, Spec, Item string }

// Codes are all codes of data errors.
var Codes = []Code{
	{"missing_value", "A required value is null or blank, or a key would be built from nothing.", "Test it first and `stop`, or give another value with `coalesce`.",
		`- {type: upsert_team_external_identity, external_id: =event.team}`, `{"team": null}`},
	{"wrong_kind", "The item has another kind of value here than the spec needs: text for a number, an object for a list.", "Mend the sender, or convert the value.",
		`- {type: stop, reason: =lower(event.status)}`, `{"status": 5}`},
	{"unreadable", "A text is no number, no datetime, no e-mail address.", "Say how it is written (`format`, `decimal`), or give a `default`.",
		`- {type: define_variable, value: =parse_datetime(event.at), return_as: at}`, `{"at": "10-12-2025"}`},
	{"out_of_range", "A number that is too large, not whole where it must be, or outside of what is allowed; a word that is none of those there are.", "Round it, or look at what the sender puts here.",
		`- {type: define_variable, value: =parse_timestamp(event.at), return_as: at}`, `{"at": "99999999999999999"}`},
	{"division_by_zero", "A division by zero.", "Test the denominator first.",
		`- {type: define_variable, value: '=divide(event.total, event.count)', return_as: each}`, `{"total": 10, "count": 0}`},
	{"too_long", "A key or label of more than 255 characters, a name of more than 1,000, a text of more than 1 MiB.", "Cut it with `substring`.",
		`- {type: upsert_team_external_identity, external_id: '=concat(event.a, event.a, event.a, event.a, event.a, event.a)'}`, `{"a": "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"}`},
	{"ends_before_start", "A period would end before it starts.", "Check which moment the sender means.",
		`- type: upsert_period
  external_id: =event.id
  period_type: Shift
  starts_at: =parse_datetime(event.from)
  ends_at: =parse_datetime(event.to)`, `{"id": 1, "from": "2025-12-10 17:00", "to": "2025-12-10 09:00"}`},
	{"personal_data", "A personal value meets a use that is not allowed: its mark was added after the spec was saved, or taken away.", "Use `pseudonym(…)`.", "", ""},
	{"failed", "A `fail` in the spec, with its message; or the database refused what was to be written.", "The message says it.",
		`- {type: fail, message: '=concat("No team for ", event.id)'}`, `{"id": 1}`},
	{"limit", "A bound that is counted was reached: too many instructions, items, records or characters.", "See the limits on the page about types.",
		`- type: define_variable
  value: '=count(map(event.l, a, map(event.l, b, map(event.l, c, map(event.l, d, map(event.l, e, map(event.l, f, 1)))))))'
  return_as: n`, `{"l": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}`},
	{"enrichment_failed", "What was to be fetched could not be, however often it was tried.", "Look at the provider, then run the delivery again.", "", ""},
}
