package entity

// An Authority is the user's own list of names.
type Authority struct{}
