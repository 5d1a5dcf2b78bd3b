// Package batch writes what the pipeline finds: rows in the formats that people
// open, and whole runs over a corpus into a folder.
//
//	w, err := batch.NewRows(os.Stdout, batch.CSV, columns, batch.RowOptions{})
//	sum, err := batch.Run(ctx, dir, documents, batch.Options{})
//
// A run leaves in its folder
//
//	articles.jsonl             one annotated article a line, the public schema
//	figures.jsonl figures.csv  one figure a row, with its sentence
//	entities.jsonl entities.csv
//	rejected.jsonl             every input that did not become articles, with place, class, reason, hint
//	manifest.json              versions, counts, and whether the run came to its end
//
// Files are written under a name that ends in .partial and get their own name
// when the run is complete; an interrupted run keeps the .partial files.
package batch
