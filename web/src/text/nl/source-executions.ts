export default {
  "An id, or what was answered": "Een id, of wat er geantwoord is",
  "source executions": "bronuitvoeringen",
  "Nothing has come in yet": "Er is nog niets binnengekomen",
  "Each call to a webhook URL or a source stands here with its answer, refused ones too.":
    "Elke aanroep van een webhook-URL of bron staat hier met het antwoord, ook de geweigerde.",
}
