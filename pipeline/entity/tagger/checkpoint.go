package tagger

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A checkpoint is a line of JSON that says what it belongs to, then the weights.
type checkpoint struct {
	Run      string    `json:"run"` // hash of all that decides the result
	Losses   []float64 `json:"losses"`
	Labels   int       `json:"labels"`
	Features int       `json:"features"`
}

// run identifies the training: data, lists, options. Numbers of epochs are left
// out, so that a finished training can go on for more.
func (t *trainer) run() string {
	o := &t.o
	b, _ := json.Marshal([]any{templatesVersion, t.sums, t.types, t.schemes, o.Augment, o.Holdout, o.Rate, o.Dropout, o.Once, o.Seed, o.Words, len(t.index.keys)})
	h := sha256.New()
	h.Write(b)
	h.Write(t.lex.append(nil))
	return hex.EncodeToString(h.Sum(nil))
}

func (t *trainer) parts() []any {
	return []any{t.crf.w, t.crf.g, t.crf.trans, t.crf.transG, t.crf.sum, t.crf.tsum}
}

// save writes the state after an epoch, whole or not at all.
func (t *trainer) save() error {
	if t.o.Checkpoint == "" {
		return nil
	}
	tmp := t.o.Checkpoint + ".new"
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	head, err := json.Marshal(checkpoint{t.run(), t.losses, t.crf.labels, len(t.index.keys)})
	if err != nil {
		return err
	}
	w.Write(append(head, '\n'))
	for _, p := range t.parts() {
		if err := binary.Write(w, binary.LittleEndian, p); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(tmp, t.o.Checkpoint)
}

// resume goes on from a checkpoint, where there is one.
func (t *trainer) resume() error {
	if t.o.Checkpoint == "" {
		return nil
	}
	f, err := os.Open(t.o.Checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	head, err := r.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%s: no checkpoint", t.o.Checkpoint)
	}
	var c checkpoint
	if err := json.Unmarshal(head, &c); err != nil {
		return fmt.Errorf("%s: no checkpoint: %w", t.o.Checkpoint, err)
	}
	if c.Run != t.run() || c.Labels != t.crf.labels || c.Features != len(t.index.keys) || len(c.Losses) > t.o.Epochs {
		return fmt.Errorf("%s: checkpoint of another training (other data, lists, options or seed): remove it to begin anew", t.o.Checkpoint)
	}
	for _, p := range t.parts() {
		if err := binary.Read(r, binary.LittleEndian, p); err != nil {
			return fmt.Errorf("%s: checkpoint ends too soon", t.o.Checkpoint)
		}
	}
	if _, err := r.ReadByte(); err != io.EOF {
		return fmt.Errorf("%s: bytes behind the end of the checkpoint", t.o.Checkpoint)
	}
	t.losses = c.Losses
	return nil
}
