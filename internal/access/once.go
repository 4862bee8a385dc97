package access

// Once is a call that is to be made once, however often it is sent.
type Once struct {
	By      Principal
	Key     []byte // SHA-256 of what the caller names the call
	Request []byte // SHA-256 of what is asked for
}

// KeptAnswer is the answer to such a call; Status 0: there is none yet, and whoever got this makes it.
type KeptAnswer struct {
	ID     int64 // of the claim: another one who makes the call has another
	Status int
	ETag   string
	Body   []byte // JSON; nil for none
}
