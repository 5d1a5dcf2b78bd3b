package corpus

// decode makes text of the bytes of a source that begin at offset at.
func decode(raw []byte, declared string, at int64) (Text, Encoding, []string, error) {
	return CopiedText(string(raw), at), UTF8, nil, nil
}
