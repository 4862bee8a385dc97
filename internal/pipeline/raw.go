package pipeline

import "strconv"

// RawBody is the body of a call as it came, where the tenant keeps those for a time: for people to look at, never for a
// run.
type RawBody struct {
	CallID     int64
	ReceivedAt int64
	Until      int64 // it is kept
	Body       []byte
}

// RawPlace binds a sealed raw body to its tenant and moment.
func RawPlace(tenantID, receivedAt int64) string {
	return "raw_bodies.body:" + strconv.FormatInt(tenantID, 10) + ":" + strconv.FormatInt(receivedAt, 10)
}
