package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"longmai/cmd/longmai/terminal"
	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/batch"

	"github.com/urfave/cli/v2"
)

// rowFlags are the options of every command that prints rows.
func rowFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: batch.FormatNames() + "; table on a terminal, else jsonl"},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
		&cli.BoolFlag{Name: "bom", Usage: "begin csv and tsv with a byte order mark, for older spreadsheets"},
	}
}

// output is where a command writes its results: standard output, or a file that
// appears only when it is complete.
type output struct {
	io.Writer
	buf  *bufio.Writer
	file *os.File
	name string
}

func (e *env) output(name string) (*output, error) {
	if name == "" || name == "-" {
		b := bufio.NewWriterSize(e.out, 1<<16)
		return &output{Writer: b, buf: b}, nil
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, err
	}
	b := bufio.NewWriterSize(f, 1<<18)
	return &output{Writer: b, buf: b, file: f, name: name}, nil
}

// close ends the output; when failed is not nil, a file is not kept.
func (o *output) close(failed error) error {
	err := o.buf.Flush()
	if o.file == nil {
		return errors.Join(failed, err)
	}
	err = errors.Join(err, o.file.Close())
	if failed != nil && !errors.Is(failed, errRejected) || err != nil {
		os.Remove(o.file.Name())
		return errors.Join(failed, err)
	}
	if err := os.Chmod(o.file.Name(), 0o644); err != nil {
		return err
	}
	if err := os.Rename(o.file.Name(), o.name); err != nil {
		return err
	}
	return failed
}

// rows opens the writer of rows that the options of c ask for. On a terminal it
// shows only the columns named by glance; cut cuts a row to them.
func (e *env) rows(c *cli.Context, columns []batch.Column, glance []string) (rows batch.Rows, cut func([]string) []string, out *output, err error) {
	return e.rowsTo(c, c.String("output"), columns, glance)
}

// rowsTo is rows into the file of that name; "" is standard output.
func (e *env) rowsTo(c *cli.Context, file string, columns []batch.Column, glance []string) (rows batch.Rows, cut func([]string) []string, out *output, err error) {
	f := batch.Format(c.String("format"))
	toTerminal := terminal.Is(e.out) && file == ""
	switch {
	case f == "" && file != "":
		f = byExtension(file)
	case f == "" && toTerminal:
		f = batch.Table
	case f == "":
		f = batch.JSONL
	default:
		if f, err = batch.ParseFormat(string(f)); err != nil {
			return nil, nil, nil, usageError{err: err}
		}
	}
	if f == batch.XLSX && toTerminal {
		return nil, nil, nil, usagef("xlsx is not for a terminal").hint("add --output FILE.xlsx")
	}
	cut = func(row []string) []string { return row }
	if f == batch.Table || f == batch.Markdown {
		columns, cut = batch.Pick(columns, glance)
	}
	if out, err = e.output(file); err != nil {
		return nil, nil, nil, err
	}
	o := batch.RowOptions{BOM: c.Bool("bom")}
	if toTerminal {
		o.Width = terminal.Width(e.out)
	}
	rows, err = batch.NewRows(out, f, columns, o)
	return rows, cut, out, err
}

func byExtension(name string) batch.Format {
	if f, err := batch.ParseFormat(trimDot(filepath.Ext(name))); err == nil {
		return f
	}
	return batch.JSONL
}

func trimDot(s string) string {
	if s != "" && s[0] == '.' {
		return s[1:]
	}
	return s
}

// rejection returns the class and the hint of the end of an input.
func rejection(err error) (class, hint string, ok bool) {
	var r *corpus.Rejection
	if errors.As(err, &r) {
		return string(r.Class), r.Hint, true
	}
	var a *pipeline.ArticleError
	if errors.As(err, &a) {
		return "stage", "the other articles are done; please report this text", true
	}
	return "", "", false
}

// documentWriter writes whole documents: as lines, as one array, or as rows of a table.
type documentWriter struct {
	w     io.Writer
	array bool
	n     int
}

func (d *documentWriter) write(doc *pipeline.Document) error {
	line, err := pipeline.Marshal(doc, pipeline.Public)
	if err != nil {
		return err
	}
	if d.array {
		sep := ",\n"
		if d.n == 0 {
			sep = "[\n"
		}
		_, err = fmt.Fprintf(d.w, "%s%s", sep, line)
	} else {
		_, err = fmt.Fprintf(d.w, "%s\n", line)
	}
	d.n++
	return err
}

func (d *documentWriter) close() error {
	if !d.array {
		return nil
	}
	end := "\n]\n"
	if d.n == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(d.w, end)
	return err
}
