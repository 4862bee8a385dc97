package tree

// Code tells what one code of a problem means, for the reference and for whoever hovers over one.
type Code struct {
	Code     string
	Severity Severity
	Means    string
	Do       string
}

// Codes are all codes of problems, errors first.
var Codes = []Code{
	{Syntax, Error, "The file, or a formula in it, cannot be read: YAML or JSON that is torn, a formula that does not end.", "Look at the very character that line and column name. A formula with `: ` or ` #` in it goes in single quotes."},
	{TooLarge, Error, "The spec, or something in it, is over a limit: see the limits on the page about types.", "Split it into two processors, or move what repeats into a table or a loop."},
	{UnknownKey, Error, "A key that does not exist there.", "Take it out, or begin it with `x-` to keep it without a meaning. The hint names the nearest key there is."},
	{MissingField, Error, "A key that is required is not there.", "Add it. Null and blank text do not do for a required field either."},
	{UnknownType, Error, "There is no instruction, expression or source model of that name.", "The hint names the nearest one."},
	{UnknownName, Error, "A variable or constant that is not visible at this place: it is spelled otherwise, bound further on, or gone after its branch or loop.", "Bind it before, or in every branch."},
	{UnknownPath, Error, "A path that the schema does not have: a field that does not exist, or a step into a value that has no fields.", "Use one of the fields the hint names."},
	{NameTaken, Error, "The name that is to be bound is visible already, perhaps in other case. A name has one meaning.", "Choose another name. Only `define_variable` can assign again, and only what `define_variable` made."},
	{WrongType, Error, "A value of another type than the one that is needed.", "Convert it: `parse_number`, `parse_datetime`, `concat`. Where a literal only lacks quotes, there is a fix that puts them."},
	{WrongArguments, Error, "An expression has too few or too many arguments, one that it does not know, or a combination that makes no sense.", "See the expression on its page."},
	{NotLiteral, Error, "A field that takes only a literal has a formula.", "Write the value itself. What differs from link to link goes into a constant."},
	{BadLiteral, Error, "A literal that can never be right: a unit, a zone, a pattern, a word that is none of those there are, null for what is required, an empty list.", "Use one of those the hint names."},
	{DuplicateID, Error, "Two instructions have the same id, or an id has characters that no id may have.", "Leave one out; it gets a new one on save."},
	{BadConstant, Error, "A constant of a type that does not exist, or a default that does not fit its type.", "See the types of constants on the page about types."},
	{BadEnrichment, Error, "An enrichment that the source model does not know, or whose name is taken.", "Use what the model offers."},
	{PersonalData, Error, "Customer personal data would be used for something else than a test of presence or `pseudonym`.", "Use `pseudonym(…)` of it, or take it out."},
	{BadTest, Error, "A test that has not the form of one: a kind of record or a field that does not exist, a record before the test without what every one has.", "The message names the key."},

	{MayBeMissing, Warning, "A value that may be null goes where none may be: the run then fails with `missing_value`.", "Test it first with `if_else` and `exists`, or give another value with `coalesce`."},
	{LooksLikeFormula, Warning, "A text such as `event.id` that is the name of something, but has no `=` in front.", "Put `=` in front; or `==`, where the text is meant."},
	{LooksPersonal, Warning, "A key or name is fed by what looks like the e-mail address, telephone number or name of a customer.", "Use the id the sender has, or `pseudonym(…)`."},
	{ChangingKey, Warning, "The `external_id` of an agent is an e-mail address, a phone number or a name, by the name of its field or in recent deliveries. People change those, and then become another agent.", "Use the id that the sender has for its user."},
	{UnidentifiedKey, Warning, "Nothing in the `external_id` of a record tells one source record from another: it is made of literals, constants, moments and labels such as a status, or of fields that had few different values in recent deliveries. Where it is the same, one record overwrites the other.", "Put the id of the thing in it."},
	{UnusedName, Warning, "A name is bound and never used.", "Take out `return_as`, or the constant."},
	{Unreachable, Warning, "What stands before an instruction always ends, so it never runs.", "Move it, or take it out."},
	{AlwaysSame, Warning, "A condition, or a key of a record, that is the same for every delivery: each then overwrites the one before.", "Put something of the delivery in it."},
	{InternalIDStored, Warning, "The `id` of a record or identity, which this installation gave, goes into a field.", "Use `external_id`, which means the same everywhere."},
	{StopInLoop, Warning, "A `stop` in a loop ends the whole run, not only the item.", "To skip one item, put the rest of the body into an `if_else`."},
	{PeriodPerRun, Warning, "The receive time makes another record in each run, so the same state that is told twice gives two periods.", "Set `only_if_changed`, or use a moment of the item."},
	{ConstantWithoutValue, Warning, "A constant without a default: every link must give it a value.", "Give it a default where one would do for most."},
}
