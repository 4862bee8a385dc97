export default {
  "Undo what this wrote…": "Terugdraaien wat dit schreef…",
  "Undone: {what}": "Teruggedraaid: {what}",
  "As it was before: {what}": "Weer als eerst: {what}",
  "Not put back": "Niet teruggezet",
  "Undo what this run wrote": "Terugdraaien wat deze uitvoering schreef",
  "Undo what this call wrote": "Terugdraaien wat deze aanroep schreef",
  "Values that were set later by others stay. So do the delivery and its trace.":
    "Waarden die later door anderen zijn gezet, blijven. De aflevering en de trace ook.",
  "Asking what would be undone": "Vragen wat er zou worden teruggedraaid",
  "Could not tell what would be undone": "Kon niet zeggen wat er zou worden teruggedraaid",
  "There is nothing to take back: what it wrote is gone already, or it wrote nothing.":
    "Er valt niets terug te draaien: wat is geschreven is al weg, of er is niets geschreven.",
  "set back": "teruggezet",
  removed: "verwijderd",
  "made again": "opnieuw gemaakt",
  "left alone": "met rust gelaten",
  "What becomes of each": "Wat er met elk gebeurt",
  "No longer locked: {fields}": "Niet meer vergrendeld: {fields}",
  "<code>{field}</code> stays: {why}": "<code>{field}</code> blijft: {why}",
  "All of it stays: {why}": "Alles blijft: {why}",
  "{n, plural, one {# thing} other {# things}} set back": "{n, plural, one {# ding} other {# dingen}} teruggezet",
  "{n} removed": "{n} verwijderd",
  "{n} made again": "{n} opnieuw gemaakt",
  "{n} left alone, whole or in part": "{n} geheel of deels met rust gelaten",
  "nothing to take back": "niets terug te draaien",
  "Undo this undo": "Deze terugdraaiing ongedaan maken",
  "Put it back": "Terugzetten",
  "Put back is all that this undo took back, in other records as well.":
    "Teruggezet wordt alles wat deze terugdraaiing terugdraaide, ook in andere records.",
  "Undo this change": "Deze wijziging terugdraaien",
  "Taken back is all that the same run or call wrote to this record; what it wrote to others stays.":
    "Teruggedraaid wordt alles wat dezelfde uitvoering of aanroep in dit record schreef; wat die in andere schreef, blijft.",
}
