export default {
  "Set up · Dealwright": "Inrichten · Dealwright",
  "Set up Dealwright": "Dealwright inrichten",
  "This server has no owner yet. You become the first.": "Deze server heeft nog geen eigenaar. Jij wordt de eerste.",
  Organisation: "Organisatie",
  "Your name": "Je naam",
  "At least 10 characters.": "Minstens 10 tekens.",
  "Create owner and sign in": "Eigenaar aanmaken en aanmelden",
  "Sign in · Dealwright": "Aanmelden · Dealwright",
  "Sign in to Dealwright": "Aanmelden bij Dealwright",
  "Sign in": "Aanmelden",
  Dealwright: "Dealwright",
  Password: "Wachtwoord",
  "Show password": "Wachtwoord tonen",
  "No password? An administrator can give you a new one under Settings, Users.":
    "Geen wachtwoord? Een beheerder kan je een nieuw geven bij Instellingen, Gebruikers.",
  "Stay signed in on this device for 14 days": "14 dagen aangemeld blijven op dit apparaat",
}
