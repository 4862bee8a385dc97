package peer

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestAddress: nobody but a trusted proxy is believed, and of what reaches it only what it added itself.
func TestAddress(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48"), netip.MustParsePrefix("192.0.2.7/32")}
	for _, c := range []struct {
		name, from string
		headers    []string
		none       bool // trusted
		want       string
	}{
		{name: "no proxy", from: "203.0.113.5:1", want: "203.0.113.5"},
		{name: "off: the header says nothing", from: "10.1.1.1:1", headers: []string{"203.0.113.5"}, none: true, want: "10.1.1.1"},
		{name: "a stranger's own word", from: "203.0.113.5:1", headers: []string{"198.51.100.1"}, want: "203.0.113.5"},
		{name: "a stranger who says he is a proxy", from: "203.0.113.5:1", headers: []string{"198.51.100.1, 10.0.0.1"}, want: "203.0.113.5"},
		{name: "behind a proxy", from: "10.1.1.1:1", headers: []string{"203.0.113.5"}, want: "203.0.113.5"},
		{name: "behind two", from: "10.1.1.1:1", headers: []string{"203.0.113.5, 10.2.2.2"}, want: "203.0.113.5"},
		{name: "behind two, in lines of their own", from: "10.1.1.1:1", headers: []string{"203.0.113.5", "192.0.2.7"}, want: "203.0.113.5"},
		{name: "spoofed in front", from: "10.1.1.1:1", headers: []string{"127.0.0.1, 198.51.100.1,203.0.113.5"}, want: "203.0.113.5"},
		{name: "spoofed with the proxy's address", from: "10.1.1.1:1", headers: []string{"198.51.100.1, 10.1.1.1, 203.0.113.5, 10.2.2.2"}, want: "203.0.113.5"},
		{name: "spoofed in a line of its own", from: "10.1.1.1:1", headers: []string{"198.51.100.1", "203.0.113.5"}, want: "203.0.113.5"},
		{name: "spoofed with what is no address", from: "10.1.1.1:1", headers: []string{"x, 203.0.113.5"}, want: "203.0.113.5"},
		{name: "a neighbour of a trusted one", from: "192.0.2.8:1", headers: []string{"203.0.113.5"}, want: "192.0.2.8"},
		{name: "a proxy that does not know", from: "10.1.1.1:1", headers: []string{"203.0.113.5, unknown"}, want: "10.1.1.1"},
		{name: "a proxy that says nothing", from: "10.1.1.1:1", headers: []string{""}, want: "10.1.1.1"},
		{name: "an empty entry", from: "10.1.1.1:1", headers: []string{"203.0.113.5,"}, want: "10.1.1.1"},
		{name: "all are trusted", from: "10.1.1.1:1", headers: []string{"10.9.9.9, 10.2.2.2"}, want: "10.9.9.9"},
		{name: "with a port", from: "10.1.1.1:1", headers: []string{"203.0.113.5:4711"}, want: "203.0.113.5"},
		{name: "IPv6", from: "[2001:db8:1::1]:1", headers: []string{"2001:db8:2::5"}, want: "2001:db8:2::5"},
		{name: "IPv6 with a port", from: "10.1.1.1:1", headers: []string{"[2001:db8:2::5]:4711"}, want: "2001:db8:2::5"},
		{name: "IPv6 in brackets", from: "10.1.1.1:1", headers: []string{"[2001:db8:2::5]"}, want: "2001:db8:2::5"},
		{name: "IPv4 as IPv6", from: "[::ffff:10.1.1.1]:1", headers: []string{"::ffff:203.0.113.5"}, want: "203.0.113.5"},
		{name: "a zone", from: "10.1.1.1:1", headers: []string{"fe80::1%eth0"}, want: "fe80::1"},
		{name: "no address", from: "@", headers: []string{"203.0.113.5"}, want: ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.from
			r.Header["X-Forwarded-For"] = c.headers
			trusted := proxies
			if c.none {
				trusted = nil
			}
			if got := Address(r, trusted); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.5": "203.0.113.0/24", "2001:db8:1:2::5": "2001:db8:1::/48", "::ffff:203.0.113.5": "203.0.113.0/24",
		"10.1.2.3": "10.1.2.3", "192.168.0.4": "192.168.0.4", "127.0.0.1": "127.0.0.1", "::1": "::1", "fd00::5": "fd00::5", "fe80::1%eth0": "fe80::1",
		"": "", "@": "", "203.0.113.5:80": "",
	} {
		if got := Network(address); got != want {
			t.Errorf("%q is kept as %q; want %q", address, got, want)
		}
	}
}
