package guide

// words around the pages.
var words = map[string]map[string]string{
	"en": {
		"Docs": "Dealwright docs", "Search": "Search", "Search the guide": "Search the guide, operations, error codes", "Theme": "Change the theme",
		"Language": "Nederlands", "Open the app": "Open the app", "Pages": "Pages", "On this page": "On this page", "Previous": "Previous", "Next": "Next",
		"There is no such page": "There is no such page", "Look for it": "Look for it above, or choose a page on the left.",
		"Nothing found": "Nothing has all of these words. Try fewer, or a part of one.", "Say what": "Say above what you are looking for.",
		"Copy": "Copy", "Copied": "Copied", "Link here": "Link to here", "Skip": "Go to the text",
		"Method": "Method", "Path": "Path", "Permission": "Permission", "What it does": "What it does",
	},
	"nl": {
		"Docs": "Dealwright-handleiding", "Search": "Zoeken", "Search the guide": "Zoek in de handleiding, bewerkingen, foutcodes", "Theme": "Ander thema",
		"Language": "English", "Open the app": "Naar de app", "Pages": "Pagina's", "On this page": "Op deze pagina", "Previous": "Vorige", "Next": "Volgende",
		"There is no such page": "Deze pagina is er niet", "Look for it": "Zoek hierboven, of kies links een pagina.",
		"Nothing found": "Nergens staan al deze woorden. Probeer er minder, of een deel van een woord.", "Say what": "Zeg hierboven wat je zoekt.",
		"Copy": "Kopiëren", "Copied": "Gekopieerd", "Link here": "Link naar deze plek", "Skip": "Naar de tekst",
		"Method": "Methode", "Path": "Pad", "Permission": "Recht", "What it does": "Wat het doet",
	},
}
