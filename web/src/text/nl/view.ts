export default {
  "Everybody of the company sees it": "Iedereen in het bedrijf ziet hem",
  "Only you see it": "Alleen jij ziet hem",
  "Save these filters as a view": "Deze filters als weergave opslaan",
  "Delete the view {name}": "De weergave {name} verwijderen",
  "The view {name} was deleted.": "De weergave {name} is verwijderd.",
  "The view was not deleted": "De weergave is niet verwijderd",
  "Share it": "Delen",
  "Save view": "Weergave opslaan",
} as Record<string, string>
