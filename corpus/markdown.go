package corpus

import "context"

// readMarkdown reads a page of Markdown.
func readMarkdown(ctx context.Context, in *input, out *sink) error { return readText(ctx, in, out) }
