package segment

// dictionaryVersion is gse's version and the hash of the word list.
// UPDATE=1 go test ./pipeline/segment writes it anew.
const dictionaryVersion = "gse0.80.3-080729c79d02"
