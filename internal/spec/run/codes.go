package run

// Code tells what one code of a data error means, for the reference.
type Code struct{ Code, Means, Do string }

// Codes are all codes of data errors.
var Codes = []Code{
	{"missing_value", "A required value is null or blank, or a key would be built from nothing.", "Test it first and `stop`, or give another value with `coalesce`."},
	{"wrong_kind", "The item has another kind of value here than the spec needs: text for a number, an object for a list.", "Mend the sender, or convert the value."},
	{"unreadable", "A text is no number, no datetime, no e-mail address.", "Say how it is written (`format`, `decimal`), or give a `default`."},
	{"out_of_range", "A number that is too large, not whole where it must be, or outside of what is allowed; a word that is none of those there are.", "Round it, or look at what the sender puts here."},
	{"division_by_zero", "A division by zero.", "Test the denominator first."},
	{"too_long", "A key or label of more than 255 characters, a name of more than 1,000, a text of more than 1 MiB.", "Cut it with `substring`."},
	{"ends_before_start", "A period would end before it starts.", "Check which moment the sender means."},
	{"personal_data", "A personal value meets a use that is not allowed: its mark was added after the spec was saved, or taken away.", "Use `pseudonym(…)`."},
	{"failed", "A `fail` in the spec, with its message; or the database refused what was to be written.", "The message says it."},
	{"limit", "A bound that is counted was reached: too many instructions, items, records or characters.", "See the limits on the page about types."},
	{"enrichment_failed", "What was to be fetched could not be, however often it was tried.", "Look at the provider, then run the delivery again."},
}
