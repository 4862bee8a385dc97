package language

// withHet has the nouns of ours that have “het” in Dutch; the others have “de”.
var withHet = []string{"project", "segment", "team", "call", "record"}

// pieces are what other sentences are made of: nouns, kinds of values, ends.
var pieces = []sentence{
	{"agent", "agent"}, {"team", "team"}, {"project", "project"}, {"segment", "segment"}, {"proposition", "propositie"},
	{"agents", "agenten"}, {"teams", "teams"}, {"projects", "projecten"}, {"segments", "segmenten"}, {"propositions", "proposities"},
	{"activity", "activiteit"}, {"sale", "verkoop"}, {"call", "gesprek"}, {"period", "periode"}, {"anonymous activity", "anonieme activiteit"}, {"anonymous_activity", "anonieme activiteit"},
	{"activities", "activiteiten"}, {"sales", "verkopen"}, {"calls", "gesprekken"}, {"periods", "periodes"}, {"anonymous activities", "anonieme activiteiten"},
	{"activity webhook", "webhook voor activiteiten"}, {"contact", "contact"},
	{"provider", "provider"}, {"source", "bron"}, {"processor", "processor"}, {"spec", "spec"}, {"draft", "concept"}, {"version", "versie"},
	{"API key", "API-sleutel"}, {"key", "sleutel"}, {"operation", "bewerking"}, {"delivery", "aflevering"}, {"event", "gebeurtenis"}, {"execution", "uitvoering"},
	{"metric", "metric"}, {"source execution", "bronuitvoering"}, {"user", "gebruiker"}, {"view", "weergave"}, {"file", "bestand"}, {"tenant", "tenant"}, {"undo", "terugdraaiing"},
	{"record", "record"}, {"records", "records"}, {"identity", "identiteit"}, {"identities", "identiteiten"},
	{"external identity", "externe identiteit"}, {"external identities", "externe identiteiten"}, {"external_identity", "externe identiteit"},
	{"agent identity", "identiteit van een agent"}, {"team identity", "identiteit van een team"}, {"project identity", "identiteit van een project"},
	{"segment identity", "identiteit van een segment"}, {"proposition identity", "identiteit van een propositie"},
	{"constant", "constante"}, {"enrichment", "verrijking"}, {"instruction", "instructie"}, {"test", "test"}, {"a case", "een geval"},
	{"an activity", "een activiteit"}, {"a sale", "een verkoop"}, {"a call", "een gesprek"}, {"a period", "een periode"}, {"an anonymous activity", "een anonieme activiteit"},
	{"an agent", "een agent"}, {"a team", "een team"}, {"a project", "een project"}, {"a segment", "een segment"}, {"a proposition", "een propositie"},
	{"an external identity", "een externe identiteit"}, {"an identity", "een identiteit"},
	{"an %s", "een {1}"}, {"a %s", "een {1}"},

	{"text", "tekst"}, {"string", "tekst"}, {"a string", "tekst"}, {"a string?", "tekst"}, {"a number?", "een getal"}, {"a datetime?", "een datum en tijd"}, {"a boolean?", "true of false"}, {"a record", "een record"}, {"any", "een willekeurige waarde"}, {"unknown", "onbekend"}, {"nothing", "niets"}, {"personal", "een persoonsgegeven"}, {"a personal", "een persoonsgegeven"}, {"number", "getal"}, {"boolean", "true of false"}, {"datetime", "datum en tijd"}, {"list", "lijst"}, {"object", "object"}, {"null", "null"}, {"table", "tabel"},
	{"a text", "een tekst"}, {"a number", "een getal"}, {"a boolean", "true of false"}, {"a datetime", "een datum en tijd"}, {"a list", "een lijst"}, {"an object", "een object"}, {"a table", "een tabel"}, {"a value", "een waarde"},
	{"a whole number", "een heel getal"}, {"true or false", "true of false"}, {"a personal value", "een persoonsgegeven"}, {"an identity or record", "een identiteit of record"},
	{"a record, identity or entity", "een record, identiteit of entiteit"},
	{"an e-mail address", "een e-mailadres"}, {"a phone number", "een telefoonnummer"}, {"a name", "een naam"}, {"an address", "een adres"}, {"the name of a person", "de naam van een persoon"},
	{"a bank account", "een bankrekening"}, {"a postcode", "een postcode"}, {"a date of birth", "een geboortedatum"}, {"text with an e-mail address in it", "tekst met een e-mailadres erin"},
	{`"(not kept)"`, `"(niet bewaard)"`}, {"something else", "iets anders"}, {"any type", "elk type"}, {"any type but personal", "elk type behalve persoonsgegevens"},

	{"waiting", "wachtend"}, {"waiting (%s)", "wachtend ({1})"}, {"running", "bezig"}, {"succeeded", "geslaagd"}, {"partial", "deels mislukt"}, {"failed", "mislukt"}, {"skipped", "overgeslagen"}, {"ignored", "genegeerd"},
	{"behind", "achter een andere"}, {"enriching", "haalt verrijkingen op"}, {"incomplete_link", "onvolledige koppeling"}, {"suspended", "opgeschort"}, {"disabled", "uitgeschakeld"}, {"asked", "open vraag"}, {"parked", "geparkeerd"},

	{"%s “%s”", "{1} “%[2]s”"}, {"%s “%s” (%s)", "{1} “%[2]s” (%[3]s)"}, {"%s %q", "{1} %[2]q"},
	{"%s of %s", "%s van %s"},
	{"%d execution", "%d uitvoering"}, {"%d executions", "%d uitvoeringen"}, {"%d waiting executions", "%d wachtende uitvoeringen"},
	{"1 %s", "1 {1}"}, {"%d %s", "%d {2}"},
}
