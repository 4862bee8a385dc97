package shape

import "testing"

// TestLooks: add what you come across; ids must never be taken for people.
func TestContact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		country, want string
		texts         []string
	}{
		{"+31", "email", []string{
			"jan@example.test", "Jan.de-Vries+shop@Mail.Example.NL", " jan@example.test ", "mailto:jan@example.test", "Jan <jan@example.test>",
			"crm|jan@example.test|2026", "jan%40example.test", "zoë@exämple.de", "o'neil@example.ie", "j@xn--bcher-kva.xn--p1ai", "a@b.co",
			"100%@x jan@example.test", "x@y@example.test",
		}},
		{"+31", "phone", []string{
			"+31612345678", "+31 6 12345678", "+31 (0)6 1234 5678", "(+31) 6 12345678", "0031612345678", "0031-6-12345678", "0612345678", "06-12345678",
			"06 12 34 56 78", "06.12.34.56.78", "020-1234567", "(020) 123 45 67", "tel:+31612345678", "whatsapp:+31612345678",
			"Tel: 06-12345678", "+32 470 12 34 56", "+1 (555) 123-4567", "+4915112345678", "+352 27 12 34 56", "(555) 123-4567", "06\u00a01234\u00a05678",
			"06\u201312345678", "+31/6/12345678",
		}},
		{"+32", "phone", []string{"02 123 45 67", "0470 12 34 56", "+31612345678"}},
		{"+44", "phone", []string{"020 7946 0018", "07700 900123", "01632 960001"}},
		{"+49", "phone", []string{"030 12345678", "0151 23456789", "0171/1234567"}},
		{"+33", "phone", []string{"06 12 34 56 78"}},
		{"+1", "phone", []string{"+15551234567", "(555) 123-4567"}},
		{"+31", "", []string{
			"", " ", "0", "7", "123", "12345678", "31612345678", "151234567890", "15551234567", "612345678", // plain numbers, of HubSpot say
			"0000612345", "0012345678", "0031234567", "00123456", "000000001234567", // filled up with zeros, of SAP say
			"012345678", "01234567890", "0123456789012", // not as long as a Dutch number
			"2025-12-10", "10-12-2025", "01-02-2025", "01.02.2025", "01/02/2025", "2025-12-10 19:00:00", "19:00", "20251210190000", // moments
			"550e8400-e29b-41d4-a716-446655440000", "003A000001abcDE", "0031600000AbCdE", "5f0c6d2e9b1e8a0017c3f1a2", // UUID, Salesforce, MongoDB
			"01ARZ3NDEKTSV4RRFFQ69G5FAV", "cus_NffrFeUfNV2Hib", "gid://shopify/Customer/6940095564", "urn:li:person:1234567890",
			"ORD-2026-000123", "2026-000123", "K-0612345678", "contact 0612345678", "c0612345678", "0612345678-A", "06123456789", "061234567", "0800 123 4567", // the word and the length
			"NL91ABNA0417164300", "1234 AB", "1234AB 56", "978-3-16-148410-0", "4111 1111 1111 1111", "192.168.1.10", "10.0.0.1", "1.234,50", "12.5", "-5",
			"+", "+12", "+1234567", "+0612345678", "+1234567890123456", "++31612345678", "31+612345678", "+A612345678", "0x0612345678",
			"jan@", "@jan", "jan@example", "@example.test", "user@host", "a@b.1", "a@1.2.3.4", "v1.2@build", "npm@10.2.0", "50% korting", "%40", "x%40y", "@@",
			"psn_abcdefghijklmnopqrstuvwxyz", "Jan de Vries", "()", "(1)", "(12) 34", "https://example.test/contacts/0612345678", "tel:", "deal:123",
		}},
		{"+1", "", []string{"0612345678", "5551234567", "555-123-4567"}},
		{"+47", "", []string{"0612345678"}},
	} {
		for _, text := range c.texts {
			if got := Contact(c.country, text); got != c.want {
				t.Errorf("in %s %q looks like %q, want %q", c.country, text, got, c.want)
			}
		}
	}
}

func FuzzContact(f *testing.F) {
	for _, text := range []string{"jan@example.test", "+31 (0)6 1234 5678", "x%40y.z", "(", "", "tel:"} {
		f.Add("+31", text)
	}
	f.Fuzz(func(t *testing.T, country, text string) {
		if kind := Contact(country, text); kind != "" && kind != "email" && kind != "phone" {
			t.Errorf("%q is %q", text, kind)
		}
	})
}
