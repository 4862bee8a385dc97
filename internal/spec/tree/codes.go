package tree

import "strings"

// Code tells what one code of a problem means, for the reference and for whoever hovers over one.
type Code struct {
	Code     string
	Severity Severity
	Means    string
	Do       string
	Example  string // a spec for webhook.payload, below its first two keys, that has the problem; a test checks it
}

// Codes are all codes of problems, errors first.
var Codes = []Code{
	{Syntax, Error, "The file, or a formula in it, cannot be read: YAML or JSON that is torn, a formula that does not end.", "Look at the very character that line and column name. A formula with `: ` or ` #` in it goes in single quotes.",
		`instructions:
  - {type: stop, reason: '=concat(event.id, '}`},
	{TooLarge, Error, "The spec, or something in it, is over a limit: see the limits on the page about types.", "Split it into two processors, or move what repeats into a table or a loop.",
		"instructions:\n  - {type: if_else, condition: =" + strings.Repeat("not(", MaxDepth) + "event.ok" + strings.Repeat(")", MaxDepth) + ", then: []}"},
	{UnknownKey, Error, "A key that does not exist there.", "Take it out, or begin it with `x-` to keep it without a meaning. The hint names the nearest key there is.",
		`instructions:
  - {type: stop, reson: done}`},
	{MissingField, Error, "A key that is required is not there.", "Add it. Null and blank text do not do for a required field either.",
		`instructions:
  - {type: upsert_team_external_identity, external_name: North}`},
	{UnknownType, Error, "There is no instruction, expression or source model of that name.", "The hint names the nearest one.",
		`instructions:
  - {type: upsert_tem_external_identity, external_id: =event.team}`},
	{UnknownName, Error, "A variable or constant that is not visible at this place: it is spelled otherwise, bound further on, or gone after its branch or loop.", "Bind it before, or in every branch.",
		`instructions:
  - {type: stop, reason: =evnt.status}`},
	{UnknownPath, Error, "A path that the schema does not have: a field that does not exist, or a step into a value that has no fields.", "Use one of the fields the hint names.",
		`instructions:
  - {type: upsert_team_external_identity, external_id: =event.team, return_as: team}
  - {type: stop, reason: =team.external_nam}`},
	{NameTaken, Error, "The name that is to be bound is visible already, perhaps in other case. A name has one meaning.", "Choose another name. Only `define_variable` can assign again, and only what `define_variable` made.",
		`instructions:
  - {type: upsert_team_external_identity, external_id: =event.team, return_as: Event}`},
	{WrongType, Error, "A value of another type than the one that is needed.", "Convert it: `parse_number`, `parse_datetime`, `concat`. Where a literal only lacks quotes, there is a fix that puts them.",
		`instructions:
  - {type: upsert_period, external_id: =event.id, period_type: Shift, starts_at: =event.start}`},
	{WrongArguments, Error, "An expression has too few or too many arguments, one that it does not know, or a combination that makes no sense.", "See the expression on its page.",
		`instructions:
  - {type: stop, reason: '=lower(event.status, "x")'}`},
	{NotLiteral, Error, "A field that takes only a literal has a formula.", "Write the value itself. What differs from link to link goes into a constant.",
		`instructions:
  - {type: if_else, condition: '=matches(event.id, event.pattern)', then: []}`},
	{BadLiteral, Error, "A literal that can never be right: a unit, a zone, a pattern, a word that is none of those there are, null for what is required, an empty list.", "Use one of those the hint names.",
		`instructions:
  - {type: stop, reason: '=format_datetime(now(), "YYYY", zone="Mars/Base")'}`},
	{DuplicateID, Error, "Two instructions have the same id, or an id has characters that no id may have.", "Leave one out; it gets a new one on save.",
		`instructions:
  - {type: upsert_team_external_identity, id: s1, external_id: =event.a}
  - {type: upsert_team_external_identity, id: s1, external_id: =event.b}`},
	{BadConstant, Error, "A constant of a type that does not exist, or a default that does not fit its type.", "See the types of constants on the page about types.",
		`constants:
  - {name: limit, type: number, default: high}
instructions:
  - {type: stop, reason: =concat(limit)}`},
	{BadEnrichment, Error, "An enrichment that the source model does not know, or whose name is taken.", "Use what the model offers.",
		`enrichments:
  - {name: owner, of: event, use: owner}
instructions:
  - {type: stop}`},
	{PersonalData, Error, "Customer personal data would be used for something else than a test of presence or `pseudonym`.", "Use `pseudonym(…)` of it, or take it out.",
		`instructions: # the source marks contact.email
  - {type: stop, reason: =event.contact.email}`},
	{BadTest, Error, "A test that has not the form of one: a kind of record or a field that does not exist, a record before the test without what every one has.", "The message names the key.",
		`instructions:
  - {type: stop}
tests:
  - {name: stops, given: {}, expect: {outcome: stopped}}`},

	{MayBeMissing, Warning, "A value that may be null goes where none may be: the run then fails with `missing_value`.", "Test it first with `if_else` and `exists`, or give another value with `coalesce`.",
		`constants:
  - {name: teams, type: table<string>, default: {a: north}}
instructions:
  - {type: upsert_team_external_identity, external_id: '=lookup(event.team, teams)'}`},
	{LooksLikeFormula, Warning, "A text such as `event.id` that is the name of something, but has no `=` in front.", "Put `=` in front; or `==`, where the text is meant.",
		`instructions:
  - {type: stop, reason: event.status}`},
	{LooksCut, Warning, "A text without quotes ends before a ` #`, which begins a comment in YAML, and no space follows: the rest looks like a part of the text.", "Put the text in single quotes; or put a space behind the `#` of a comment.",
		`instructions:
  - type: stop
    reason: Deal {x} #{y}`},
	{LooksPersonal, Warning, "A key or name is fed by what looks like the e-mail address, telephone number or name of a customer.", "Use the id the sender has, or `pseudonym(…)`.",
		`instructions:
  - {type: update_contact_activities, contact_key: =event.customer.email, set: {value: 1}}`},
	{ChangingKey, Warning, "The `external_id` of an agent is an e-mail address, a phone number or a name, by the name of its field or in recent deliveries. People change those, and then become another agent.", "Use the id that the sender has for its user.",
		`instructions:
  - {type: upsert_agent_external_identity, external_id: =event.user.email}`},
	{UnidentifiedKey, Warning, "Nothing in the `external_id` of a record tells one source record from another: it is made of literals, constants, moments and labels such as a status, or of fields that had few different values in recent deliveries. Where it is the same, one record overwrites the other.", "Put the id of the thing in it.",
		`instructions:
  - {type: upsert_anonymous_activity, external_id: =event.status, activity_type: Deal, moment: =now()}`},
	{UnusedName, Warning, "A name is bound and never used.", "Take out `return_as`, or the constant.",
		`instructions:
  - {type: upsert_team_external_identity, external_id: =event.team, return_as: team}`},
	{Unreachable, Warning, "What stands before an instruction always ends, so it never runs.", "Move it, or take it out.",
		`instructions:
  - {type: stop}
  - {type: upsert_team_external_identity, external_id: =event.team}`},
	{AlwaysSame, Warning, "A condition, or a key of a record, that is the same for every delivery: each then overwrites the one before.", "Put something of the delivery in it.",
		`instructions:
  - {type: upsert_anonymous_activity, external_id: visit, activity_type: Visit, moment: =now()}`},
	{InternalIDStored, Warning, "The `id` of a record or identity, which this installation gave, goes into a field.", "Use `external_id`, which means the same everywhere.",
		`instructions:
  - {type: upsert_team_external_identity, external_id: =event.team, return_as: team}
  - {type: upsert_project_external_identity, external_id: =team.id}`},
	{StopInLoop, Warning, "A `stop` in a loop ends the whole run, not only the item.", "To skip one item, put the rest of the body into an `if_else`.",
		`instructions:
  - type: for_each
    list: =event.lines
    item_var: line
    body: [{type: if_else, condition: =line.last, then: [{type: stop}]}]`},
	{PeriodPerRun, Warning, "The receive time makes another record in each run, so the same state that is told twice gives two periods.", "Set `only_if_changed`, or use a moment of the item.",
		`instructions:
  - {type: insert_contact_period_change, contact_key: =event.id, period_type: Won, moment: =now()}`},
	{ConstantWithoutValue, Warning, "A constant without a default: every link must give it a value.", "Give it a default where one would do for most.",
		`constants:
  - {name: prefix, type: string}
instructions:
  - {type: stop, reason: =prefix}`},
}
